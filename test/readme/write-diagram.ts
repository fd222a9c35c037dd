import { writeFileSync } from 'node:fs';
import { drawChart } from './chart-diagram.ts';
import { placeDiagram, readmePath, readReadme } from './readme-text.ts';

const before = readReadme();
const after = placeDiagram(before, drawChart());
if (after !== before) writeFileSync(readmePath, after);
console.log(after === before ? 'The diagram in README.md is up to date.' : 'README.md has the new diagram.');
