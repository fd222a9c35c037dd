import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { bundleScript } from './bundle-scripts.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));

/** What a child process left behind. */
export interface ChildEnd {
  /** Its exit code; null if a signal ended it, as one does that still runs long after it should have ended. */
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** A script that runs in a process of its own. */
export interface Child {
  readonly ended: Promise<ChildEnd>;
  /** Settles with what the script has printed, to stdout or to stderr, that matches; rejects if it ends before. */
  printed(wanted: RegExp): Promise<RegExpExecArray>;
  /** Sends what Ctrl-C sends. */
  interrupt(): void;
}

/**
 * Runs Node with its output piped.
 *
 * @param args What stands behind `node`, be it options or a file.
 */
export function startNode(args: readonly string[]): Child {
  const child = spawn(process.execPath, args, {
    cwd: root,
    stdio: ['ignore', 'pipe', 'pipe'],
    timeout: 80_000,
    killSignal: 'SIGKILL',
  });
  const closed = once(child, 'close');
  return {
    ended: Promise.all([text(child.stdout), text(child.stderr), closed]).then(([stdout, stderr]) => ({
      code: child.exitCode,
      stdout,
      stderr,
    })),
    printed: (wanted) =>
      new Promise((resolve, reject) => {
        let seen = '';
        for (const output of [child.stdout, child.stderr])
          output.on('data', (chunk) => {
            seen += chunk;
            const match = wanted.exec(seen);
            if (match) resolve(match);
          });
        closed.then(() => reject(new Error(`It ended without printing ${wanted}: ${seen}`)), reject);
      }),
    interrupt: () => child.kill('SIGINT'),
  };
}

/** Runs a TypeScript file of this package, bundled; the file is absolute or relative to the root of the repository. */
export async function startScript(file: string, ...args: readonly string[]): Promise<Child> {
  return startNode([await bundleScript(file), ...args]);
}

/** Runs a TypeScript file of this package, bundled, to its end. */
export async function runScript(file: string, ...args: readonly string[]): Promise<ChildEnd> {
  return (await startScript(file, ...args)).ended;
}
