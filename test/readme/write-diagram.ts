import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { chartFiles } from './chart/chart-files.ts';
import { pathOf } from './readme-text.ts';

for (const { path, text } of await chartFiles()) {
  const file = pathOf(path);
  const isUpToDate = existsSync(file) && readFileSync(file, 'utf8') === text;
  if (!isUpToDate) writeFileSync(file, text);
  console.log(`${path} ${isUpToDate ? 'is up to date' : 'is drawn anew'}.`);
}
