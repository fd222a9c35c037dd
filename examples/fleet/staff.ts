import { fork } from 'node:child_process';
import { once } from 'node:events';
import type { BreakerMetrics, CircuitBreaker } from 'agent-circuit-breaker';

/** What a process is told: to call through one of its breakers, or to wait, as long as that has a state. */
export interface Order {
  readonly breaker: 'alone' | 'shared';
  readonly action: 'call' | 'wait';
  readonly whileIt: CircuitBreaker['state'];
}

/** Processes that do what they are told, and then say what their breaker knows. */
export interface Staff extends AsyncDisposable {
  /** One of them. */
  tell(index: number, order: Order): Promise<BreakerMetrics>;
  /** All of them at the same time. */
  tellAll(order: Order): Promise<readonly BreakerMetrics[]>;
}

/** Starts a file so many times, each as a process of its own, and waits until all of them obey. */
export async function startStaff(size: number, file: string, env: Readonly<Record<string, string>>): Promise<Staff> {
  const workers = await Promise.all(Array.from({ length: size }, () => startWorker(file, env)));
  return {
    tell: async (index, order) => {
      const worker = workers[index];
      if (!worker) throw new RangeError(`There are but ${size} processes.`);
      return worker.tell(order);
    },
    tellAll: (order) => Promise.all(workers.map((worker) => worker.tell(order))),
    [Symbol.asyncDispose]: async () => {
      await Promise.all(workers.map((worker) => worker.end()));
    },
  };
}

async function startWorker(file: string, env: Readonly<Record<string, string>>) {
  const child = fork(file, { env: { ...process.env, ...env } });
  const ended = once(child, 'exit');
  const failed = ended.then(() => Promise.reject(new Error('A process has ended too early.')));
  failed.catch(() => {});
  const heard = () => Promise.race([once(child, 'message'), failed]);
  await heard();
  return {
    async tell(order: Order): Promise<BreakerMetrics> {
      const answer = heard();
      child.send(order);
      const [metrics] = await answer;
      return metrics;
    },
    async end() {
      if (child.connected) child.disconnect();
      await ended;
    },
  };
}

/** Ends such a process, from now on, when the one that has started it lets it go, or is gone itself. */
export function endWithParent(): void {
  process.on('disconnect', () => process.exit());
  if (!process.connected) process.exit();
}

/** Obeys, in such a process. */
export function obey(breakers: Readonly<Record<Order['breaker'], CircuitBreaker>>, ask: () => Promise<unknown>): void {
  process.on('message', async ({ breaker: name, action, whileIt }: Order) => {
    const breaker = breakers[name];
    while (breaker.state === whileIt) {
      if (action === 'call') await breaker.call(ask).catch(() => {});
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
    process.send?.(breaker.metrics());
  });
  process.send?.('at your service');
}
