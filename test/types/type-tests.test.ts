import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { startNode } from '../support/child.ts';

const here = fileURLToPath(new URL('.', import.meta.url));
const compiler = fileURLToPath(new URL('../../node_modules/typescript7/bin/tsc', import.meta.url));

/** What the compiler says of the files of a folder, whose settings are those of this one; empty if all is well. */
async function compile(folder: string): Promise<string> {
  const { stdout, stderr } = await startNode([compiler, '--noEmit', '-p', folder]).ended;
  return stdout + stderr;
}

it('every file of type tests compiles, with an error where it expects one and nowhere else', async () => {
  const files = await readdir(here);
  expect(files.filter((file) => file.endsWith('.test-d.ts')).length).toBeGreaterThan(5);
  expect(await compile(here)).toBe('');
});

it('a type test that is wrong is told of, and so is an error that is expected in vain', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'type-tests-'));
  try {
    const settings = { extends: join(here, 'tsconfig.json'), compilerOptions: { types: [] }, include: ['*.test-d.ts'] };
    await writeFile(join(folder, 'tsconfig.json'), JSON.stringify(settings));
    const lines = [
      "import { createBreaker } from 'agent-circuit-breaker';",
      'export const name: number = createBreaker().name;',
      '// @ts-expect-error A threshold is a number, and this one is.',
      'createBreaker({ failureThreshold: 3 });',
    ];
    await writeFile(join(folder, 'wrong.test-d.ts'), lines.join('\n'));
    const errors = (await compile(folder)).match(/wrong\.test-d\.ts\(\d+/g);
    expect(errors).toEqual(['wrong.test-d.ts(2', 'wrong.test-d.ts(3']);
  } finally {
    await rm(folder, { recursive: true });
  }
});
