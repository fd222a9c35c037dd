import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { findFreePort } from './free-port.ts';
import { redisPrograms, whyNoRedisServer } from './redis-available.ts';
import { type RedisProcess, runRedis } from './redis-process.ts';
import { createRespClient, type RespClient } from './resp-client.ts';

/** A real server of the test's own, empty, on a port of 127.0.0.1. It is killed when the test's process ends. */
export interface RedisServer extends AsyncDisposable {
  readonly port: number;
  readonly url: string;
  /** Sends one command to look at what is there; an error of Redis rejects with a RespError. */
  readonly command: RespClient['command'];
  /** Ends it in good order, or by force after 2 s, and removes what it wrote. */
  stop(): Promise<void>;
  /** Ends it as a crash does. */
  kill(): Promise<void>;
  /** Starts it again on the same port, empty; kills it first if it runs. */
  restart(): Promise<void>;
  /** Lets it hang: connections stay open, nothing is answered. */
  pause(): void;
  /** Lets it go on after a pause. */
  resume(): void;
}

/** What a test may wish of its server. */
export interface RedisServerOptions {
  /** Path of the server. @default the first of `redisPrograms` */
  readonly program?: string;
  /** @default a free one */
  readonly port?: number;
  /** More of the server's settings, such as `--maxmemory` and `1mb`. */
  readonly args?: readonly string[];
}

/** How long a server may take to end in good order, in milliseconds. */
const graceMs = 2000;

/**
 * Starts a real server and waits until it answers.
 *
 * @throws Error if there is no program to start, or with its output, if it is not up within 10 s.
 */
export async function startRedisServer(options: RedisServerOptions = {}): Promise<RedisServer> {
  const program = options.program ?? redisPrograms[0]?.program;
  if (program === undefined) throw new Error(`No Redis can be started: ${whyNoRedisServer}.`);
  const folder = await mkdtemp(join(tmpdir(), 'redis-'));
  const start = (port: number) => runRedis({ program, port, args: options.args ?? [], folder });
  try {
    const { port, running } = await startSomewhere(options.port, start);
    return createServer(port, running, folder, () => start(port));
  } catch (error) {
    await rm(folder, { recursive: true, force: true });
    throw error;
  }
}

/** Another process may take a free port before the server does. */
async function startSomewhere(wanted: number | undefined, start: (port: number) => Promise<RedisProcess>) {
  for (let attempt = 1; ; attempt++) {
    const port = wanted ?? (await findFreePort());
    try {
      return { port, running: await start(port) };
    } catch (error) {
      if (wanted !== undefined || attempt === 3 || !String(error).includes('already in use')) throw error;
    }
  }
}

function createServer(port: number, first: RedisProcess, folder: string, start: () => Promise<RedisProcess>) {
  let running = first;
  const url = `redis://127.0.0.1:${port}`;
  const client = createRespClient(url);
  const kill = async () => {
    client.close();
    running.signal('SIGKILL');
    await running.exited;
  };
  const stop = async () => {
    client.close();
    running.signal('SIGCONT');
    running.signal('SIGTERM');
    const force = setTimeout(() => running.signal('SIGKILL'), graceMs);
    await running.exited;
    clearTimeout(force);
    await rm(folder, { recursive: true, force: true });
  };
  const server: RedisServer = {
    port,
    url,
    command: client.command,
    stop,
    kill,
    restart: async () => {
      await kill();
      running = await start();
    },
    pause: () => running.signal('SIGSTOP'),
    resume: () => running.signal('SIGCONT'),
    [Symbol.asyncDispose]: stop,
  };
  return server;
}
