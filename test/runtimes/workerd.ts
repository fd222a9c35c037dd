import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';

/** A worker that is being served. */
export interface ServedWorker {
  /** On a free port of this machine. */
  readonly url: string;
  /** Ends the process that serves it. */
  stop(): Promise<void>;
}

/**
 * Serves what a configuration of workerd says, whose socket has to ask for port 0.
 *
 * @param program - The path of workerd.
 * @param folder - The folder of the configuration, `workerd.capnp`.
 */
export async function serveWorker(program: string, folder: string): Promise<ServedWorker> {
  // It tells on the given descriptor, as lines of JSON, which port it has got.
  const child = spawn(program, ['serve', 'workerd.capnp', '--control-fd=1'], {
    cwd: folder,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const ended = once(child, 'close');
  let complaints = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    complaints += text;
  });
  for await (const line of createInterface(child.stdout)) {
    const { event, port }: { readonly event?: string; readonly port?: number } = JSON.parse(line);
    if (event !== 'listen') continue;
    return {
      url: `http://127.0.0.1:${port}/`,
      async stop() {
        child.kill();
        await ended;
      },
    };
  }
  throw new Error(`workerd has ended before it listened:\n${complaints}`);
}
