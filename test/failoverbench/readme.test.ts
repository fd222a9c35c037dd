import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { situations } from './situations.ts';

const text = readFileSync(new URL('../../src/ai-sdk/README.md', import.meta.url), 'utf8');

it('the page on failover lists what is tried, in the same words', () => {
  const rows = [...text.matchAll(/^\| (?<id>S\d\d) \| (?<title>[^|]+) \|/gm)].map(({ groups }) => groups);
  expect(rows).toEqual(situations.map(({ id, title }) => ({ id, title })));
});
