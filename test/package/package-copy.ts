import { existsSync } from 'node:fs';
import { cp, mkdtemp, realpath, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The top of the project. */
export const projectRoot = fileURLToPath(new URL('../..', import.meta.url));

/** What the package is built and packed from. */
const ingredients = [
  ...['package.json', 'tsconfig.json', 'src', 'machines', 'examples', 'README.md', 'LICENSE', 'CHANGELOG.md'],
  ...['CONTRIBUTING.md', 'test/bench/README.md', 'test/corpus/cases'],
];

/** Makes a new empty folder that nothing else uses. */
export async function createTempFolder(purpose: string): Promise<string> {
  return realpath(await mkdtemp(join(tmpdir(), `agent-circuit-breaker-${purpose}-`)));
}

/**
 * Copies what the package is built from into `folder`, so that building it there gets in nobody's way.
 *
 * @param folder - An existing folder; the project's `node_modules` are linked into it.
 * @param checkout - Where the package is copied from.
 */
export async function copyPackage(folder: string, checkout = projectRoot): Promise<void> {
  for (const name of ingredients)
    if (existsSync(join(checkout, name))) await cp(join(checkout, name), join(folder, name), { recursive: true });
  await symlink(join(projectRoot, 'node_modules'), join(folder, 'node_modules'), 'junction');
}
