import { fileURLToPath } from 'node:url';
import { modelErrorRules } from '../../src/llm.ts';
import { type Case, corpus } from './corpus.ts';
import { groups, isGroup } from './groups.ts';

/** Where the page is. */
export const pagePath = fileURLToPath(new URL('../../src/llm/README.md', import.meta.url));

const [startMark, endMark] = ['<!-- corpus:start -->', '<!-- corpus:end -->'];

/** Puts the corpus between the two marks of the page. */
export function placeCorpus(page: string): string {
  const start = page.indexOf(startMark);
  const end = page.indexOf(endMark);
  if (start === -1 || end < start) throw new Error(`The page has no ${startMark} followed by ${endMark}.`);
  return `${page.slice(0, start + startMark.length)}\n${corpusInWords()}${page.slice(end)}`;
}

function corpusInWords(): string {
  return Object.keys(groups).filter(isGroup).map(sectionOf).join('');
}

function sectionOf(group: keyof typeof groups): string {
  const { title, rule } = groups[group];
  const rows = corpus.filter((one) => one.group === group).map(rowOf);
  return `\n### ${title}\n\n${rule}\n\n| what comes | is | where from |\n|---|---|---|\n${rows.join('')}\n`;
}

function rowOf(one: Case): string {
  const name = `[${one.title.replaceAll('|', '\\|')}](../../test/corpus/cases/${one.name}.json)`;
  const met = [one.sources?.map(linkOf).join(', '), one.note].filter(Boolean).join('; ');
  return `| ${name} | ${judgementOf(one)} | ${met} |\n`;
}

function judgementOf({ judged: { kind, opensAtOnce, openFor } }: Case): string {
  if (kind === undefined) return 'a success';
  const effects = [
    modelErrorRules[kind].counts ? '' : ', does not count',
    opensAtOnce ? ', opens at once' : '',
    openFor === undefined ? '' : `, waits ${inWords(openFor)}`,
  ];
  return `\`${kind}\`${effects.join('')}`;
}

function inWords(ms: number): string {
  const parts = [
    [Math.floor(ms / 3_600_000), 'h'],
    [Math.floor(ms / 60_000) % 60, 'min'],
    [(ms / 1_000) % 60, 's'],
  ] as const;
  return parts
    .filter(([amount]) => amount > 0)
    .map(([amount, unit]) => `${amount} ${unit}`)
    .join(' ');
}

function linkOf(source: string): string {
  const { hostname, pathname } = new URL(source);
  const [, repository, number] = /^\/([^/]+\/[^/]+)\/(?:issues|pull)\/(\d+)/.exec(pathname) ?? [];
  return number === undefined
    ? `[${hostname.replace(/^www\./, '')}](${source})`
    : `[${repository}#${number}](${source})`;
}
