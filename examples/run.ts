// Runs one example: `npm run example NAME`. Without a name it lists what there is.
import { readdir, readFile } from 'node:fs/promises';

const folder = new URL('.', import.meta.url);
const files = await readdir(folder);
const names = files.filter((file) => file.endsWith('.ts') && file !== 'run.ts').map((file) => file.slice(0, -3));
const name = process.argv[2];

if (name !== undefined && names.includes(name)) {
  await import(new URL(`${name}.ts`, folder).href);
} else {
  const isUnknown = name !== undefined;
  const output = isUnknown ? process.stderr : process.stdout;
  if (isUnknown) output.write(`There is no example ${JSON.stringify(name)}.\n`);
  output.write('Usage: npm run example NAME\n\n');
  for (const known of names.sort()) output.write(`  ${known.padEnd(32)}${await readHeadline(known)}\n`);
  process.exitCode = isUnknown ? 2 : 0;
}

/** The first line of an example is a comment that says what it shows. */
async function readHeadline(known: string): Promise<string> {
  const source = await readFile(new URL(`${known}.ts`, folder), 'utf8');
  return source.split('\n', 1)[0]?.replace(/^\/\/ /, '') ?? '';
}
