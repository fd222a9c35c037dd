import { mkdirSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const folder = fileURLToPath(new URL('../../node_modules/.vite/', import.meta.url));
const nameOf = (pid: number | string) => `page-${pid}-`;

/**
 * A folder for the libraries that a server bundles for its page. Each server has its own: in a common one, the second page
 * that is started takes from the first what that has bundled. It is removed with its process, or by the next one.
 */
export function createLibraryFolder(): string {
  mkdirSync(folder, { recursive: true });
  for (const name of readdirSync(folder)) if (isLeft(name)) remove(name);
  const path = mkdtempSync(join(folder, nameOf(process.pid)));
  process.once('exit', () => rmSync(path, { recursive: true, force: true }));
  return path;
}

/** Whether it is of a process that has ended. */
function isLeft(name: string): boolean {
  const pid = /^page-(\d+)-/.exec(name)?.[1];
  if (pid === undefined) return false;
  try {
    return !process.kill(Number(pid), 0);
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'ESRCH';
  }
}

function remove(name: string): void {
  rmSync(join(folder, name), { recursive: true, force: true });
}
