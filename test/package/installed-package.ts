import { cp, mkdir, readdir, readFile, rm, symlink } from 'node:fs/promises';
import { dirname, join, relative, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import { packPackage } from './pack-package.ts';
import { createTempFolder, projectRoot } from './package-copy.ts';
import { runCommand } from './run-command.ts';
import { installArguments, installTools, type Tools } from './tools.ts';

/** The folders of the consumers, each a package: two kinds of module, the legacy decorators, the libraries of others. */
export const consumerKinds = ['esm', 'cjs', 'legacy', 'sdks'] as const;

/** What every kind of consumer tries is in files of this folder, copied into the package of each kind. */
const shared = ['use-package.ts', 'use-chart.ts', 'use-entries.ts', 'use-breakers.ts'];

/** Libraries that have integrations; they stay where the project has them, with all that they need themselves. */
const linked = ['@anthropic-ai/sdk', '@langchain/core', 'langchain'];

/** The XStates that are supported, oldest first, with the name under which the project has each. */
export const xstates = { '5.18.2': 'xstate518', '5.28': 'xstate528', newest: 'xstate' } as const;
export type XStateVersion = keyof typeof xstates;

/** The package as its users get it, with consumers to use it and tools to run them. */
export interface InstalledPackage {
  /** The folder with the consumers, whose `node_modules` have the package and the newest XState. */
  readonly consumers: string;
  /** Such a folder with another XState. */
  consumersWith(version: XStateVersion): Promise<string>;
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
  const others = ['xstate', '@types/node', 'undici-types'].map(inProject);
  await runCommand('npm', [...installArguments(consumers), '--install-links', tarball, ...others], consumers);
  for (const name of linked) await linkInto(consumers, name);
  const directory = join(consumers, 'node_modules', 'agent-circuit-breaker');
  const copies = new Map([['newest', Promise.resolve(consumers)]]);
  return {
    consumers,
    consumersWith: (version) => {
      const copy = copies.get(version) ?? copyWith(version, consumers, join(folder, xstates[version]));
      copies.set(version, copy);
      return copy;
    },
    files: await listFiles(directory),
    tools,
    read: (file) => readFile(join(directory, file), 'utf8'),
    remove: () => rm(folder, { recursive: true, force: true }),
  };
}

const inProject = (name: string) => join(projectRoot, 'node_modules', name);

async function copyConsumers(folder: string): Promise<void> {
  await cp(fileURLToPath(new URL('consumers', import.meta.url)), folder, { recursive: true });
  for (const kind of consumerKinds) for (const file of shared) await cp(join(folder, file), join(folder, kind, file));
}

async function linkInto(folder: string, name: string): Promise<void> {
  const link = join(folder, 'node_modules', name);
  await mkdir(dirname(link), { recursive: true });
  await symlink(inProject(name), link, 'junction');
}

/** Copies the consumers and what was installed, but for what was compiled and for XState. */
async function copyWith(version: XStateVersion, consumers: string, folder: string): Promise<string> {
  const leftOut = [join(consumers, 'out'), join(consumers, 'node_modules', 'xstate')];
  await cp(consumers, folder, { recursive: true, filter: (source) => !leftOut.includes(source) });
  await cp(inProject(xstates[version]), join(folder, 'node_modules', 'xstate'), { recursive: true });
  return folder;
}

async function listFiles(directory: string): Promise<readonly string[]> {
  const entries = await readdir(directory, { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) => relative(directory, join(entry.parentPath, entry.name)).split(sep).join('/'))
    .sort();
}
