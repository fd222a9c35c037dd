import { existsSync } from 'node:fs';
import { mkdir, readdir, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { projectRoot } from '../package/package-copy.ts';
import { tryCommand } from '../package/run-command.ts';
import { installArguments } from '../package/tools.ts';

/** The runtimes that the package is tried in, as npm has them. They are big, so no contributor has to install them. */
const versions = { bun: '1.4.5', deno: '2.9.6', workerd: '1.20261117.1' } as const;

/** The folder of the packages that have a runtime's program, each for one platform, and where it is in there. */
const programs = {
  bun: { scope: '@oven', path: ['bin', 'bun'] },
  deno: { scope: '@deno', path: ['deno'] },
  workerd: { scope: '@cloudflare', path: ['bin', 'workerd'] },
} as const;

export type RuntimeName = keyof typeof versions;

/** Paths of the runtimes, or why there are none. */
export interface Runtimes {
  /** Why they could not be installed; undefined where they are there. */
  readonly missing: string | undefined;
  /** The path of a runtime's program; undefined where npm has none for this platform. */
  program(name: RuntimeName): string | undefined;
}

/** A third of a gigabyte is fetched. */
const patienceMs = 500_000;

/**
 * Installs the runtimes below `node_modules/.cache`, where they stay for the next time. Nothing of them runs: the programs
 * are files of packages.
 */
export async function installRuntimes(): Promise<Runtimes> {
  const wanted = Object.entries(versions).map(([name, version]) => `${name}@${version}`);
  const folder = join(projectRoot, 'node_modules', '.cache', 'runtimes', wanted.join('+'));
  const missing = existsSync(folder) ? undefined : await installInto(folder, wanted);
  const found = new Map<string, string>();
  if (missing === undefined)
    for (const [name, { scope, path }] of Object.entries(programs)) {
      const [platform] = await readdir(join(folder, 'node_modules', scope)).catch((): string[] => []);
      const program = join(folder, 'node_modules', scope, String(platform), ...path);
      for (const file of [program, `${program}.exe`]) if (existsSync(file)) found.set(name, file);
    }
  return { missing, program: (name) => found.get(name) };
}

/** Into a folder of another name first, so that one which is there is whole; returns what went wrong. */
async function installInto(folder: string, wanted: readonly string[]): Promise<string | undefined> {
  const draft = `${folder}.${process.pid}`;
  await mkdir(draft, { recursive: true });
  const { exitCode, output } = await tryCommand('npm', [...installArguments(draft), ...wanted], draft, { patienceMs });
  // Another run may have been faster.
  if (exitCode === 0) await rename(draft, folder).catch(() => {});
  await rm(draft, { recursive: true, force: true });
  return exitCode === 0 ? undefined : `npm could not install ${wanted.join(', ')}: ${complaintIn(output)}`;
}

/** What npm says in one line, past its codes. */
function complaintIn(output: string): string {
  return /^npm error (?!code|errno|syscall)(.+)$/m.exec(output)?.[1] ?? output;
}
