import { cp, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { packPackage } from '../package/pack-package.ts';
import { createTempFolder, projectRoot } from '../package/package-copy.ts';
import { runCommand } from '../package/run-command.ts';
import { installArguments } from '../package/tools.ts';
import { installRuntimes, type RuntimeName, type Runtimes } from './runtimes.ts';
import { serveWorker } from './workerd.ts';

const patience = { timeout: 180_000 };

/** What every runtime has to tell. */
const story = {
  states: ['closed', 'open', 'halfOpen', 'closed'],
  rejected: 'open',
  kind: 'overloaded',
  trial: 'answer, false',
  late: 5,
  items: [1, 2, 3],
};

let folder: string;
let runtimes: Runtimes;

beforeAll(async () => {
  folder = await createTempFolder('runtimes');
  const stories = join(folder, 'stories');
  await cp(fileURLToPath(new URL('stories', import.meta.url)), stories, { recursive: true });
  const [tarball, installed] = await Promise.all([packPackage(join(folder, 'copy')), installRuntimes()]);
  const xstate = join(projectRoot, 'node_modules', 'xstate');
  await runCommand('npm', [...installArguments(stories), '--install-links', tarball, xstate], stories);
  runtimes = installed;
}, 600_000);

afterAll(() => rm(folder, { recursive: true, force: true }), 60_000);

/** A test that is skipped where there is no such runtime, with the reason. */
function test(sentence: string, name: RuntimeName, body: (program: string, stories: string) => Promise<void>): void {
  it(sentence, patience, async ({ skip }) => {
    const program = runtimes.program(name);
    if (program === undefined) return skip(reasonToSkip(name));
    await body(program, join(folder, 'stories'));
  });
}

function reasonToSkip(name: RuntimeName): string {
  return runtimes.missing ?? `npm has no ${name} for ${process.platform}-${process.arch}`;
}

describe('Bun', () => {
  const tell = (program: string, stories: string, file: string) =>
    runCommand(program, ['run', '--no-install', file], stories);

  test('imports the package, whose breakers open, reject, try and close', 'bun', async (program, stories) => {
    expect(JSON.parse(await tell(program, stories, 'by-import.ts'))).toEqual(story);
  });

  test('requires the package, whose breakers open, reject, try and close', 'bun', async (program, stories) => {
    expect(JSON.parse(await tell(program, stories, 'by-require.cjs'))).toEqual(story);
  });
});

describe('Deno', () => {
  // It may read the packages, and nothing else.
  const options = ['--no-prompt', '--no-remote', '--no-lock', '--node-modules-dir=manual', '--allow-read=.'];
  const tell = (program: string, stories: string, file: string) =>
    runCommand(program, ['run', ...options, file], stories, {
      variables: { DENO_DIR: join(folder, 'deno'), DENO_NO_UPDATE_CHECK: '1' },
    });

  test('imports the package, whose breakers open, reject, try and close', 'deno', async (program, stories) => {
    expect(JSON.parse(await tell(program, stories, 'by-import.ts'))).toEqual(story);
  });

  test('requires the package, whose breakers open, reject, try and close', 'deno', async (program, stories) => {
    expect(JSON.parse(await tell(program, stories, 'by-require.cjs'))).toEqual(story);
  });
});

describe('workerd', () => {
  test(
    'serves the package in a bundle, whose breakers open, reject, try and close',
    'workerd',
    async (program, stories) => {
      // Without the modules of Node.
      await build({
        absWorkingDir: stories,
        entryPoints: ['worker.ts'],
        outfile: join(stories, 'worker.js'),
        bundle: true,
        conditions: ['workerd', 'worker'],
        format: 'iife',
        logLevel: 'silent',
      });
      const worker = await serveWorker(program, stories);
      try {
        const response = await fetch(worker.url);
        expect(await response.json()).toEqual(story);
      } finally {
        await worker.stop();
      }
    },
  );
});
