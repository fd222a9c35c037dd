import type { WorkerReply, WorkerRequest } from './worker-message.ts';

/** What the test gave to `startWorker`, as JSON leaves it; for the file of a worker. */
export function readWorkerData(): unknown {
  return JSON.parse(process.argv[2] ?? 'null');
}

/**
 * Answers the test, in the file of a worker; the worker ends when the test's process does.
 *
 * @param handler Its result, or what it settles with, is the answer to the message; what it throws rejects the question.
 */
export function serveWorker(handler: (message: unknown) => unknown): void {
  process.on('message', async ({ id, message }: WorkerRequest) => {
    try {
      reply({ kind: 'answer', id, value: await handler(message) });
    } catch (error) {
      reply({ kind: 'failure', id, error: toFailure(error) });
    }
  });
  process.on('disconnect', () => process.exit());
  reply({ kind: 'ready' });
}

function reply(message: WorkerReply): void {
  process.send?.(message);
}

function toFailure(error: unknown) {
  if (!(error instanceof Error)) return { name: 'Error', message: String(error), stack: String(error) };
  return { name: error.name, message: error.message, stack: error.stack ?? error.message };
}
