import { describe, expect, it } from 'vitest';
import { type CodeBlock, codeBlocksOf, readReadme } from './readme-text.ts';
import { typeCheckBlocks } from './type-check-blocks.ts';

const isTypeScript = ({ info }: CodeBlock) => /^(ts|typescript)\b/.test(info);
const isChecked = ({ info }: CodeBlock) => /^(ts|typescript)$/.test(info);

// The types of every SDK are read.
describe('the code blocks of the README', { timeout: 180_000 }, () => {
  it('compile against the sources, under the settings of the project', () => {
    const blocks = codeBlocksOf(readReadme()).filter(isChecked);
    expect(blocks.length).toBeGreaterThan(2);
    expect(typeCheckBlocks(blocks)).toEqual([]);
  });

  it('are left unchecked only with a reason: ```ts no-check: why', () => {
    const unchecked = codeBlocksOf(readReadme()).filter((block) => isTypeScript(block) && !isChecked(block));
    expect(unchecked.filter(({ info }) => !/^ts no-check: \S+ \S+/.test(info))).toEqual([]);
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

  it('reads the language and the line of every fenced block', () => {
    expect(codeBlocksOf('a\n```ts\none\ntwo\n```\nb\n```ts no-check: not ours\n```\n')).toEqual([
      { info: 'ts', code: 'one\ntwo\n', line: 3 },
      { info: 'ts no-check: not ours', code: '', line: 8 },
    ]);
  });
});
