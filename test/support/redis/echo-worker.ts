import { circuitBreakerMachine } from 'agent-circuit-breaker/machines';
import { createClient } from 'redis';
import { readWorkerData, serveWorker } from './serve-worker.ts';

// A worker for the test of the workers: it has the package and a library bundled into it.
serveWorker((message) => {
  if (message === 'fail') throw new RangeError('as asked');
  if (message === 'exit') process.exit(3);
  if (message === 'hang') return new Promise(() => {});
  return { message, data: readWorkerData(), machine: circuitBreakerMachine.id, library: typeof createClient };
});
