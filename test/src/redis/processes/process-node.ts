import { once } from 'node:events';
import { createServer, type ServerResponse } from 'node:http';
import { startWorker, type Worker } from '../../../support/redis/worker.ts';
import type { WorkerOrder, WorkerSight } from './breaker-worker.ts';

/** A real process with a breaker in a fleet. */
export interface ProcessNode extends AsyncDisposable {
  readonly worker: Worker;
  order(order: WorkerOrder): Promise<WorkerSight>;
}

/** Starts a process. @param shiftMs - By so much its clock is ahead. */
export async function startProcessNode(shiftMs = 0): Promise<ProcessNode> {
  const worker = await startWorker('test/src/redis/processes/breaker-worker.ts', { shiftMs });
  const order = async (message: WorkerOrder) => {
    const sight = await worker.ask(message);
    if (!isSight(sight)) throw new Error(`The process answered ${JSON.stringify(sight)}.`);
    return sight;
  };
  return { worker, order, [Symbol.asyncDispose]: () => worker.dispose() };
}

/** A provider over HTTP that holds every call until it is told to answer. */
export interface HeldProvider extends AsyncDisposable {
  readonly url: string;
  /** How many calls have come, since the last answer. */
  readonly hits: number;
  /** Answers the calls that are held. */
  answer(): void;
  /** Answers from now on at once, too. */
  open(): void;
}

/** Starts such a provider on 127.0.0.1. */
export async function startHeldProvider(): Promise<HeldProvider> {
  const held = new Set<ServerResponse>();
  let isOpen = false;
  const server = createServer((_request, response) => {
    if (isOpen) response.end('fine');
    else held.add(response);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  const answer = () => {
    for (const response of held) response.end('fine');
    held.clear();
  };
  return {
    url: `http://127.0.0.1:${port}/`,
    get hits() {
      return held.size;
    },
    answer,
    open: () => {
      isOpen = true;
      answer();
    },
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections();
      server.close();
    },
  };
}

function isSight(value: unknown): value is WorkerSight {
  return typeof value === 'object' && value !== null && 'state' in value;
}
