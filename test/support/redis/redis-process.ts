import { spawn } from 'node:child_process';
import { setTimeout as delay } from 'node:timers/promises';
import { dieWithParent } from './die-with-parent.ts';
import { connectResp } from './resp-connection.ts';

/** One run of a server, which answers. */
export interface RedisProcess {
  /** Settles when it has ended, however it did. */
  readonly exited: Promise<void>;
  /** Sends it a signal; does nothing once it has ended. */
  signal(signal: NodeJS.Signals): void;
}

/** How a server is to be run. */
export interface RedisRun {
  readonly program: string;
  readonly port: number;
  readonly args: readonly string[];
  /** Where it may write. */
  readonly folder: string;
}

/** How long a server may take until it answers, in milliseconds. */
const patienceMs = 10_000;

/**
 * Runs a server on 127.0.0.1 and waits until it answers.
 *
 * @throws Error with the output of the server, if it ends or has not answered within 10 s.
 */
export async function runRedis({ program, port, args, folder }: RedisRun): Promise<RedisProcess> {
  const settings = [
    ...['--port', String(port), '--bind', '127.0.0.1', '--dir', folder, '--daemonize', 'no'],
    ...['--save', '', '--appendonly', 'no', '--loglevel', 'warning'],
    // It looks for a signal to stop so many times a second.
    ...['--hz', '100', ...args],
  ];
  const child = spawn(program, settings, { stdio: ['ignore', 'pipe', 'pipe'] });
  let output = '';
  const collect = (text: unknown) => {
    output = `${output}${text}`.slice(-4000);
  };
  child.stdout.on('data', collect);
  child.stderr.on('data', collect);

  let isRunning = child.pid !== undefined;
  const callOff = child.pid === undefined ? () => {} : dieWithParent(child.pid, folder);
  const exited = new Promise<void>((resolve) => {
    const end = (cause: unknown) => {
      if (cause instanceof Error) collect(cause.message);
      isRunning = false;
      callOff();
      resolve();
    };
    child.once('error', end);
    child.once('close', end);
  });
  const signal = (name: NodeJS.Signals) => {
    if (isRunning) child.kill(name);
  };

  const giveUpAt = performance.now() + patienceMs;
  while (isRunning && performance.now() < giveUpAt) {
    if (await isAnswering(port, child.pid)) return { exited, signal };
    await delay(10);
  }
  const trouble = isRunning ? `did not answer within ${patienceMs / 1000} s` : 'ended before it answered';
  signal('SIGKILL');
  await exited;
  throw new Error(`${program} ${trouble} on port ${port}. It said:\n${output}`);
}

/** Whether this very process answers there, and not another that was given the same port. */
async function isAnswering(port: number, pid: number | undefined): Promise<boolean> {
  const connection = connectResp(`redis://127.0.0.1:${port}`);
  const late = AbortSignal.timeout(1000);
  late.addEventListener('abort', () => connection.close());
  try {
    if ((await connection.send(['PING'])) !== 'PONG') return false;
    return String(await connection.send(['INFO', 'server'])).includes(`process_id:${pid}\r\n`);
  } catch {
    return false;
  } finally {
    connection.close();
  }
}
