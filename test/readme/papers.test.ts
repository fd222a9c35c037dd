import { execFileSync } from 'node:child_process';
import { existsSync, statSync } from 'node:fs';
import { posix } from 'node:path';
import { describe, expect, it } from 'vitest';
import { generatedPapers } from './generated-papers.ts';
import { papers } from './papers.ts';
import { readPublicNames } from './public-names.ts';
import { pathOf, readPaper } from './readme-text.ts';

/** A link of a paper to something of the project, or to a heading. */
interface Link {
  readonly paper: string;
  /** What it points at, from the root of the project. */
  readonly target: string;
  readonly heading: string | undefined;
}

const withoutCode = (text: string) => text.replaceAll(/^```[\s\S]*?^```$/gm, '').replaceAll(/`[^`\n]*`/g, '`code`');

function linksOf(paper: string): readonly Link[] {
  return [...withoutCode(readPaper(paper)).matchAll(/\]\(([^)\s]+)\)/g)]
    .map(([, link = '']) => link)
    .filter((link) => !/^[a-z]+:/.test(link))
    .map((link) => {
      const [path = '', heading] = link.split('#');
      const target = path === '' ? paper : posix.join(posix.dirname(paper), path);
      return { paper, target, heading };
    });
}

/** What GitHub and npm make of the headings of a paper. */
function anchorsOf(paper: string): readonly string[] {
  const text = readPaper(paper).replaceAll(/^```[\s\S]*?^```$/gm, '');
  return [...text.matchAll(/^#+ (.+)$/gm)].map(([, heading = '']) =>
    heading
      .toLowerCase()
      .replaceAll(/[^\p{L}\p{N}\s_-]/gu, '')
      .replaceAll(' ', '-'),
  );
}

const links = papers.flatMap(linksOf);
const isFolder = (target: string) => statSync(pathOf(target)).isDirectory();

describe('the papers', () => {
  it('have no link that leads nowhere', () => {
    expect(links.length).toBeGreaterThan(200);
    expect(links.filter(({ target }) => !existsSync(pathOf(target)))).toEqual([]);
    const wrong = links.filter(({ target, heading }) => heading !== undefined && !anchorsOf(target).includes(heading));
    expect(wrong).toEqual([]);
  });

  it('lead somewhere from an installed package, too', () => {
    const flags = ['pack', '--dry-run', '--json', '--ignore-scripts'];
    const [packed] = JSON.parse(execFileSync('npm', flags, { cwd: pathOf('.'), encoding: 'utf8' }));
    const files: readonly string[] = packed.files.map(({ path }: { path: string }) => path);
    const has = (target: string) =>
      isFolder(target) ? files.some((file) => file.startsWith(`${target}/`)) : files.includes(target);
    const broken = links.filter(({ paper, target }) => files.includes(paper) && !has(target));
    expect(broken).toEqual([]);
    expect(files).toEqual(
      expect.arrayContaining(papers.filter((paper) => /^(\w+|src\/.*|machines\/.*)\.md$/.test(paper))),
    );
  }, 60_000);

  it('have no word about a place on somebody’s machine', () => {
    const paths = /\/(tmp|work|home|root|Users)\//;
    expect(papers.filter((paper) => paths.test(readPaper(paper)))).toEqual([]);
  });

  it('are as their sources are: if not, run npm run papers', () => {
    for (const { path, text } of generatedPapers()) expect(text === readPaper(path), path).toBe(true);
  });

  it('begin with a README of at most 350 lines', () => {
    expect(readPaper('README.md').split('\n').length).toBeLessThanOrEqual(351);
  });
});

describe('every public name', () => {
  const names = [...readPublicNames()].flatMap(([entry, all]) => all.map((one) => ({ entry, ...one })));

  it('says what it is for where it is declared', () => {
    expect(names.length).toBeGreaterThan(150);
    expect(names.filter(({ sentence }) => sentence === '').map(({ name }) => name)).toEqual([]);
  });

  it('that is more than a type is in a paper that is written by hand', () => {
    const byHand = papers
      .filter((paper) => paper !== 'src/README.md' && paper !== 'CHANGELOG.md')
      .map(readPaper)
      .join();
    const forgotten = names.filter(({ name, isType }) => !isType && !new RegExp(`\\b${name}\\b`).test(byHand));
    expect(forgotten.map(({ entry, name }) => `${name} of ${entry}`)).toEqual([]);
  });
});
