import { type ChildProcess, fork } from 'node:child_process';
import { bundleScript } from '../bundle-scripts.ts';
import { createDeferred, type Deferred } from '../calls.ts';
import type { WorkerReply, WorkerRequest } from './worker-message.ts';

/** A real process that a test asks to do things. */
export interface Worker extends AsyncDisposable {
  readonly pid: number;
  /** Settles with its exit code when it has ended; null if a signal ended it. */
  readonly exited: Promise<number | null>;
  /** Sends a message, and settles as the worker's handler does; rejects if the worker ends before it has answered. */
  ask(message: unknown): Promise<unknown>;
  /** Sends a signal, such as SIGKILL or SIGSTOP. @default 'SIGKILL' */
  kill(signal?: NodeJS.Signals): void;
  /** Kills it if it runs, and waits for its end. */
  dispose(): Promise<void>;
}

/**
 * Starts a process that runs a file which calls `serveWorker`, and waits until it is ready.
 *
 * @param file A TypeScript file, absolute or relative to the root of the repository.
 * @param data What `readWorkerData` gives there; has to survive JSON.
 * @throws Error with its error output, if it ends before it is ready.
 */
export async function startWorker(file: string, data: unknown = null): Promise<Worker> {
  const child = fork(await bundleScript(file), [JSON.stringify(data)], {
    execArgv: [],
    serialization: 'advanced',
    stdio: ['ignore', 'inherit', 'pipe', 'ipc'],
  });
  const worker = attach(child, file);
  await worker.ready;
  return worker;
}

function attach(child: ChildProcess, file: string) {
  const ready = createDeferred<void>();
  const questions = new Map<number, Deferred<unknown>>();
  let count = 0;
  let output = '';
  let end: Error | undefined;
  let isReady = false;
  let isEndExpected = false;

  child.stderr?.on('data', (text) => {
    output = `${output}${text}`.slice(-8000);
  });
  child.on('message', (reply: WorkerReply) => {
    if (reply.kind === 'ready') {
      isReady = true;
      return ready.resolve();
    }
    const question = questions.get(reply.id);
    questions.delete(reply.id);
    if (reply.kind === 'answer') question?.resolve(reply.value);
    else question?.reject(Object.assign(new Error(reply.error.message), reply.error));
  });
  const exited = new Promise<number | null>((resolve) => {
    const finish = (error: Error, code: number | null) => {
      end ??= error;
      const listeners = [ready, ...questions.values()];
      questions.clear();
      for (const { reject } of listeners) reject(end);
      resolve(code);
    };
    child.once('error', (error) => finish(error, null));
    child.once('close', (code, signal) => {
      const error = new Error(`The worker ${file} (${child.pid}) ended with ${signal ?? code}.\n${output}`);
      // Whoever waits for an answer is told by its rejection.
      if (!isEndExpected && code !== 0 && isReady && questions.size === 0) console.error(error.message);
      finish(error, code);
    });
  });
  ready.promise.catch(() => {});

  const kill = (signal: NodeJS.Signals = 'SIGKILL') => {
    isEndExpected ||= signal !== 'SIGSTOP' && signal !== 'SIGCONT';
    child.kill(signal);
  };
  const dispose = async () => {
    kill();
    await exited;
  };
  const ask = (message: unknown) => {
    if (end) return Promise.reject(end);
    const question = createDeferred<unknown>();
    const request: WorkerRequest = { id: ++count, message };
    questions.set(request.id, question);
    child.send(request, (error) => {
      if (error && questions.delete(request.id)) question.reject(error);
    });
    return question.promise;
  };
  return { pid: child.pid ?? 0, ready: ready.promise, exited, ask, kill, dispose, [Symbol.asyncDispose]: dispose };
}
