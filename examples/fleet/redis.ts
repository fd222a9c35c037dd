import { type ChildProcess, spawn } from 'node:child_process';
import { randomInt } from 'node:crypto';
import { once } from 'node:events';
import { createInterface } from 'node:readline';

/** A Redis server that can be used. */
export interface RedisServer extends AsyncDisposable {
  readonly url: string;
}

/** How one gets a server, for whoever has none. */
export const howToGetRedis =
  'This example needs a Redis server: set REDIS_URL, or install one, by "apt-get install redis-server" for example.';

/**
 * The server becomes the shell's own process, while another one waits for the end of its input, which comes with the
 * end of this process, however that ends.
 */
const runUntilEndOfInput =
  'server=$(command -v redis-server || command -v valkey-server) || exit 127; ' +
  'exec 3<&0; { read -r line; kill -9 $$; } <&3 & exec "$server" "$@" 3<&- < /dev/null';

/**
 * The server at REDIS_URL, which is left as it is, or one of our own, on a free port of 127.0.0.1, which writes nothing
 * to disk.
 *
 * @returns The server; undefined where none is installed.
 * @throws Error if none of ten ports could be had.
 */
export async function redisOr(url: string | undefined): Promise<RedisServer | undefined> {
  if (url) return { url, [Symbol.asyncDispose]: async () => {} };
  for (let attempt = 0; attempt < 10; attempt++) {
    const port = randomInt(10_000, 32_000);
    const settings = ['--port', `${port}`, '--bind', '127.0.0.1', '--save', '', '--appendonly', 'no'];
    // In a group of its own it hears nothing of Ctrl-C, and ends after those that use it.
    const server = spawn('sh', ['-c', runUntilEndOfInput, 'sh', ...settings], {
      stdio: ['pipe', 'pipe', 'ignore'],
      detached: true,
    });
    if (await isUp(server)) return { url: `redis://127.0.0.1:${port}`, [Symbol.asyncDispose]: () => stop(server) };
    if (server.exitCode === 127 || server.pid === undefined) return undefined;
  }
  throw new Error('No redis-server could be started: it found no free port.');
}

/** Whether it takes connections; false once it has ended, because its port was taken. */
async function isUp(server: ChildProcess): Promise<boolean> {
  const ended = new Promise<false>((resolve) => {
    server.once('exit', () => resolve(false));
    server.once('error', () => resolve(false));
  });
  const ready = new Promise<true>((resolve) => {
    if (server.stdout)
      createInterface(server.stdout).on('line', (line) => {
        if (line.includes('Ready to accept connections')) resolve(true);
      });
  });
  return Promise.race([ready, ended]);
}

async function stop(server: ChildProcess): Promise<void> {
  const ended = once(server, 'exit');
  server.stdin?.end();
  await ended;
}
