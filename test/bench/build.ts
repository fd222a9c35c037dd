import { existsSync } from 'node:fs';
import { cp } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { copyPackage } from '../package/package-copy.ts';
import { runCommand } from '../package/run-command.ts';

/** What runs as a process of its own. */
const programs = ['measure-process.ts', 'fleet/nodes-process.ts', 'parts/server-process.ts', 'parts/fresh-process.ts'];

/** What is measured and what measures must not end up in one file. */
const externals = ['agent-circuit-breaker', 'ai', 'cockatiel', 'ioredis', 'opossum', 'redis', 'xstate'];

/**
 * Builds the package away from the project, and the measuring programs beside it: what a loader transforms is slower than
 * what is published. Inside the copy the package's own name leads to what was built.
 *
 * @param folder - An existing empty folder.
 * @param checkout - Of the package, to be measured instead of this one.
 * @returns The folder of the programs.
 */
export async function build(folder: string, checkout: string | undefined): Promise<URL> {
  if (checkout !== undefined && !existsSync(join(checkout, 'package.json')))
    throw new Error(`There is no package in ${checkout}. Give --package the top of a checkout of this one.`);
  await copyPackage(folder, checkout);
  await cp(import.meta.dirname, join(folder, 'bench'), { recursive: true });
  await cp(join(import.meta.dirname, '..', 'support'), join(folder, 'support'), { recursive: true });
  const tsup = [join(folder, 'node_modules', 'tsup', 'dist', 'cli-default.js'), '--no-dts', '--format', 'esm'];
  await runCommand(process.execPath, tsup, folder);
  const entries = programs.map((program) => `bench/${program}`);
  const apart = externals.flatMap((name) => ['--external', name]);
  await runCommand(process.execPath, [...tsup, ...entries, '--out-dir', 'out', ...apart], folder);
  return pathToFileURL(join(folder, 'out/'));
}
