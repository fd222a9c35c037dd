import { describe, expect, it } from 'vitest';
import { isChecked, isRun, typeScriptBlocks } from './papers.ts';
import { codeBlocksOf, readReadme } from './readme-text.ts';
import { runBlocks } from './run-blocks.ts';
import { typeCheckBlocks } from './type-check-blocks.ts';

const blocks = typeScriptBlocks();

// The types of every SDK are read.
describe('the code blocks of the papers', { timeout: 180_000 }, () => {
  it('compile against the sources, under the settings of the project', () => {
    expect(blocks.length).toBeGreaterThan(20);
    expect(typeCheckBlocks(blocks.filter(isChecked))).toEqual([]);
  });

  it('run, against a provider that stands in for every other, and end by themselves', async () => {
    expect(await runBlocks(blocks.filter(isRun))).toEqual([]);
  });

  it('are left out only with a reason: ```ts no-run: why, or ```ts no-check: why', () => {
    const leftOut = blocks.filter((block) => !isRun(block));
    expect(leftOut.filter(({ info }) => !/^tsx? no-(check|run): \S+ \S+/.test(info))).toEqual([]);
    expect(leftOut.length).toBeLessThan(blocks.length / 3);
  });

  it('have the two commands that a newcomer starts with', () => {
    const shell = codeBlocksOf(readReadme()).filter(({ info }) => /^(sh|bash|shell|console)$/.test(info));
    const commands = shell.flatMap(({ code }) => code.split('\n').map((line) => line.replace(/^\$ /, '').trim()));
    expect(commands).toEqual(expect.arrayContaining(['npm ci && npm run demo', 'npm ci && npm test']));
  });
});

describe('the check of code blocks', () => {
  const check = (code: string) => typeCheckBlocks([{ info: 'ts', code, line: 10 }]);
  const importLine = "import { createBreaker } from 'agent-circuit-breaker';\n";

  it('finds what does not compile and tells the line of the README', () => {
    expect(check(`${importLine}createBreaker({ failureThreshold: 'three' });\n`)).toEqual([
      "README.md:11: Type 'string' is not assignable to type 'number'.",
    ]);
    expect(check("import { createBraker } from 'agent-circuit-breaker';\n")).toEqual([
      expect.stringMatching(/^README\.md:10: .*createBraker/),
    ]);
    expect(check('unheardOf();\n')).toEqual([expect.stringMatching(/^README\.md:10: Cannot find name/)]);
  });

  it('lets a block use the prelude, declare its names anew, and await at its top', () => {
    expect(check(`${importLine}console.log(await createBreaker().call(callModel, prompt), url);\n`)).toEqual([]);
    expect(check('const prompt = 1;\nconst url = prompt + 1;\nconsole.log(url);\n')).toEqual([]);
  });

  it('finds a block that throws, or does not end', { timeout: 60_000 }, async () => {
    const run = (code: string) => runBlocks([{ info: 'ts', code, line: 10, paper: 'A.md' }], 2_000);
    expect(await run(`${importLine}console.log(await createBreaker().call(callModel, prompt));\n`)).toEqual([]);
    expect(await run("throw new Error('as it is');\n")).toEqual([expect.stringMatching(/^A\.md:10: .*as it is/s)]);
    expect(await run('setInterval(() => {}, 1_000);\n')).toEqual([
      expect.stringMatching(/^A\.md:10: .*has not ended/s),
    ]);
  });

  it('reads the language and the line of every fenced block', () => {
    expect(codeBlocksOf('a\n```ts\none\ntwo\n```\nb\n```ts no-check: not ours\n```\n')).toEqual([
      { info: 'ts', code: 'one\ntwo\n', line: 3 },
      { info: 'ts no-check: not ours', code: '', line: 8 },
    ]);
  });
});
