import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { build } from 'esbuild';
import { startProvider } from '../../examples/provider/index.ts';
import type { PaperBlock } from './papers.ts';
import { pathOf } from './readme-text.ts';

/**
 * Bundles code blocks against the sources and runs each in a process of its own, in a folder of its own. Requests go to a
 * provider of the examples, wherever they were meant to go.
 *
 * @param limitMs - How long one may run.
 * @returns What has gone wrong, with the paper and the line at which the block begins; empty if all is well.
 */
export async function runBlocks(blocks: readonly PaperBlock[], limitMs = 20_000): Promise<readonly string[]> {
  const folder = await mkdtemp(join(tmpdir(), 'paper-blocks-'));
  await using provider = await startProvider({ reply: 'An answer.' });
  try {
    await bundle(blocks, folder);
    const problems: (string | undefined)[] = [];
    const rest = [...blocks.entries()];
    const work = async () => {
      for (let next = rest.shift(); next; next = rest.shift()) {
        const [index, block] = next;
        const problem = await runBundle(folder, index, { limitMs, baseUrl: provider.baseUrl });
        problems[index] = problem && `${block.paper}:${block.line}: ${problem}`;
      }
    };
    await Promise.all([work(), work()]);
    return problems.filter((problem) => problem !== undefined);
  } finally {
    await rm(folder, { recursive: true });
  }
}

async function bundle(blocks: readonly PaperBlock[], outdir: string): Promise<void> {
  await build({
    absWorkingDir: pathOf('.'),
    entryPoints: [
      { in: pathOf('test/readme/block-world.ts'), out: 'world' },
      ...blocks.map((_, index) => ({ in: `block:${index}`, out: `${index}` })),
    ],
    outdir,
    outExtension: { '.js': '.mjs' },
    tsconfig: pathOf('tsconfig.json'),
    bundle: true,
    splitting: true,
    platform: 'node',
    format: 'esm',
    target: 'node20',
    jsx: 'automatic',
    logLevel: 'error',
    // Some libraries are CommonJS, and ask for Node's own modules by a function that ES modules do not have.
    banner: {
      js: "import { createRequire as createRequireOfBundle } from 'node:module'; const require = createRequireOfBundle(import.meta.url);",
    },
    plugins: [
      {
        name: 'blocks',
        setup({ onResolve, onLoad }) {
          onResolve({ filter: /^block:/ }, ({ path }) => ({ path: path.slice('block:'.length), namespace: 'block' }));
          onLoad({ filter: /./, namespace: 'block' }, ({ path }) => ({
            contents: blocks[Number(path)]?.code ?? '',
            loader: 'tsx',
            resolveDir: pathOf('.'),
          }));
        },
      },
    ],
  });
}

interface Circumstances {
  readonly limitMs: number;
  readonly baseUrl: string;
}

async function runBundle(
  folder: string,
  index: number,
  { limitMs, baseUrl }: Circumstances,
): Promise<string | undefined> {
  const cwd = join(folder, `of-${index}`);
  await mkdir(cwd);
  return new Promise((resolve) => {
    const options = { cwd, timeout: limitMs, env: { ...process.env, BASE_URL: baseUrl } };
    execFile(
      process.execPath,
      ['--import', join(folder, 'world.mjs'), join(folder, `${index}.mjs`)],
      options,
      (error, _, stderr) => {
        if (error === null) resolve(undefined);
        else resolve(error.killed ? `has not ended within ${limitMs} ms` : stderr.trim() || error.message);
      },
    );
  });
}
