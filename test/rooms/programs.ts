import { spawnSync } from 'node:child_process';
import { findOnPath, isExecutable } from '../support/find-on-path.ts';

/** A program of the system that some rooms cannot do without; its name is that of Debian's package. */
export type ProgramName = 'chromium' | 'redis-server';

/** Where Debian puts chromium; the pages' tests start it from there. */
export const chromiumPath = '/usr/bin/chromium';

const isThere: Readonly<Record<ProgramName, () => boolean>> = {
  chromium: () => isExecutable(chromiumPath),
  'redis-server': () => ['redis-server', 'valkey-server'].some((file) => findOnPath(file) !== undefined),
};

/**
 * Those of the programs that are not installed. Root, with `CI` in the environment, installs them first.
 *
 * @returns What is missing all the same, each once.
 */
export function missingPrograms(wanted: readonly ProgramName[]): readonly ProgramName[] {
  const missing = new Set(wanted.filter((name) => !isThere[name]()));
  if (missing.size > 0 && process.env.CI && process.getuid?.() === 0) install([...missing]);
  return [...missing].filter((name) => !isThere[name]());
}

/** How a user of Debian gets some of them. */
export function howToInstall(names: readonly ProgramName[]): string {
  return `apt-get install --no-install-recommends ${names.join(' ')}`;
}

function install(names: readonly ProgramName[]): void {
  console.log(`Installing ${names.join(' and ')}, which tests need.`);
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  const run = (...args: readonly string[]) =>
    spawnSync('apt-get', args, { env, stdio: ['ignore', 'ignore', 'inherit'] });
  run('update', '-q');
  run('install', '-qy', '--no-install-recommends', ...names);
}
