import { readFileSync, writeFileSync } from 'node:fs';
import { pagePath, placeCorpus } from './page.ts';

const before = readFileSync(pagePath, 'utf8');
const after = placeCorpus(before);
if (after !== before) writeFileSync(pagePath, after);
console.log(
  after === before ? 'The corpus in src/llm/README.md is up to date.' : 'src/llm/README.md has the new corpus.',
);
