import { readFileSync, writeFileSync } from 'node:fs';
import { generatedPapers } from './generated-papers.ts';
import { pathOf } from './readme-text.ts';

for (const { path, text } of generatedPapers()) {
  const isUpToDate = readFileSync(pathOf(path), 'utf8') === text;
  if (!isUpToDate) writeFileSync(pathOf(path), text);
  console.log(`${path} ${isUpToDate ? 'is up to date' : 'is written anew'}.`);
}
