import { readFileSync } from 'node:fs';
import { unpublishable } from './unpublishable.ts';

// What `npm publish` runs first: it ends with an error where the package may not be published.
const reason = unpublishable(JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8')));
if (reason !== undefined) {
  console.error(reason);
  process.exitCode = 1;
}
