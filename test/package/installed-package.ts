import { cp, mkdir, readdir, readFile, rm } from 'node:fs/promises';
import { join, relative, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import { copyPackage, createTempFolder, projectRoot } from './package-copy.ts';
import { runCommand } from './run-command.ts';
import { installArguments, installTools, type Tools } from './tools.ts';

/** The folders of the consumers, each a package: two kinds of module, and the legacy decorators. */
export const consumerKinds = ['esm', 'cjs', 'legacy'] as const;

/** The package as its users get it, with consumers to use it and tools to run them. */
export interface InstalledPackage {
  /** The folder with the consumers; the package is in its `node_modules`. */
  readonly consumers: string;
  /** Every file of the package, relative to its folder, with slashes. */
  readonly files: readonly string[];
  readonly tools: Tools;
  /** The text of a file of the package. */
  read(file: string): Promise<string>;
  /** Deletes everything that was made. */
  remove(): Promise<void>;
}

/**
 * Builds and packs the package away from the project, and installs the tarball beside the consumers together with
 * the project's own copies of what it needs.
 */
export async function installPackage(): Promise<InstalledPackage> {
  const folder = await createTempFolder('package');
  try {
    return await installInto(folder);
  } catch (error) {
    await rm(folder, { recursive: true, force: true });
    throw error;
  }
}

async function installInto(folder: string): Promise<InstalledPackage> {
  const consumers = join(folder, 'consumers');
  const [tarball, tools] = await Promise.all([packPackage(join(folder, 'copy')), installTools(join(folder, 'tools'))]);
  await copyConsumers(consumers);
  const others = ['xstate', '@types/node', 'undici-types'].map((name) => join(projectRoot, 'node_modules', name));
  await runCommand('npm', [...installArguments(consumers), '--install-links', tarball, ...others], consumers);
  const directory = join(consumers, 'node_modules', 'agent-circuit-breaker');
  return {
    consumers,
    files: await listFiles(directory),
    tools,
    read: (file) => readFile(join(directory, file), 'utf8'),
    remove: () => rm(folder, { recursive: true, force: true }),
  };
}

/** Packs the way a release does, which builds first; returns the path of the tarball. */
async function packPackage(copy: string): Promise<string> {
  await mkdir(copy);
  await copyPackage(copy);
  await runCommand('npm', ['pack'], copy);
  const tarball = (await readdir(copy)).find((name) => name.endsWith('.tgz'));
  if (tarball === undefined) throw new Error('npm pack has made no tarball.');
  return join(copy, tarball);
}

/** What every kind of consumer tries is one file, copied into the package of each kind. */
async function copyConsumers(folder: string): Promise<void> {
  await cp(fileURLToPath(new URL('consumers', import.meta.url)), folder, { recursive: true });
  for (const kind of consumerKinds) await cp(join(folder, 'use-package.ts'), join(folder, kind, 'use-package.ts'));
}

async function listFiles(directory: string): Promise<readonly string[]> {
  const entries = await readdir(directory, { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) => relative(directory, join(entry.parentPath, entry.name)).split(sep).join('/'))
    .sort();
}
