import { mkdir, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { copyPackage } from './package-copy.ts';
import { runCommand } from './run-command.ts';

/**
 * Packs the package the way a release does, which builds first.
 *
 * @param folder - A folder that is not there yet; it is built and packed in there.
 * @returns The path of the tarball.
 */
export async function packPackage(folder: string): Promise<string> {
  await mkdir(folder, { recursive: true });
  await copyPackage(folder);
  await runCommand('npm', ['pack'], folder);
  const tarball = (await readdir(folder)).find((name) => name.endsWith('.tgz'));
  if (tarball === undefined) throw new Error('npm pack has made no tarball.');
  return join(folder, tarball);
}
