import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { codeBlocksOf } from '../readme/readme-text.ts';
import { typeCheckBlocks } from '../readme/type-check-blocks.ts';
import { situations } from './situations.ts';

const text = readFileSync(new URL('../../src/ai-sdk/README.md', import.meta.url), 'utf8');

it('the page on failover lists what is tried, in the same words', () => {
  const rows = [...text.matchAll(/^\| (?<id>S\d\d) \| (?<title>[^|]+) \|/gm)].map(({ groups }) => groups);
  expect(rows).toEqual(situations.map(({ id, title }) => ({ id, title })));
});

it('the recipes on that page compile', { timeout: 180_000 }, () => {
  const blocks = codeBlocksOf(text);
  expect(blocks.map(({ info }) => info)).toEqual(['ts', 'ts', 'ts']);
  expect(typeCheckBlocks(blocks)).toEqual([]);
});
