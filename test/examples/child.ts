import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../..', import.meta.url));

/** What a child process left behind. */
export interface ChildEnd {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** A script that runs in a process of its own. */
export interface Child {
  readonly ended: Promise<ChildEnd>;
  /** Resolves when the script has printed a text. */
  printed(text: string): Promise<void>;
  /** Sends what Ctrl-C sends. */
  interrupt(): void;
}

/** Runs a TypeScript file of this package, with its output piped. */
export function startScript(file: string, ...args: readonly string[]): Child {
  const child = spawn(process.execPath, ['--import', 'tsx', file, ...args], {
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
        child.stdout.on('data', (chunk) => {
          seen += chunk;
          if (seen.includes(wanted)) resolve();
        });
        closed.then(() => reject(new Error(`It ended without printing ${wanted}: ${seen}`)), reject);
      }),
    interrupt: () => child.kill('SIGINT'),
  };
}

/** Runs a TypeScript file of this package to its end. */
export function runScript(file: string, ...args: readonly string[]): Promise<ChildEnd> {
  return startScript(file, ...args).ended;
}
