import { setTimeout as delay } from 'node:timers/promises';
import { type CircuitBreaker, createBreaker } from 'agent-circuit-breaker';
import { type ClientLibrary, clientLibraries } from './column.ts';
import { connectNode } from './fleet-node.ts';
import type { NodesSetup, NumberedOrder, Order, Reply } from './order.ts';

// A process of several nodes, which does what openings.ts asks.

process.on('disconnect', () => process.exit());

/** A breaker that notes when it has begun to reject. */
interface Watched {
  readonly breaker: CircuitBreaker;
  rejectedAt: number | undefined;
}

const nodes = new Map<ClientLibrary, Watched[]>();

process.once('message', async ({ url, count }: NodesSetup) => {
  for (const library of clientLibraries) {
    const ofLibrary: Watched[] = [];
    for (let made = 0; made < count; made++) ofLibrary.push(await startNode(library, url));
    nodes.set(library, ofLibrary);
  }
  // Every listening connection has been made some time after its breaker was ready.
  await delay(300);
  process.on('message', async (order: NumberedOrder) => reply({ id: order.id, at: await carryOut(order) }));
  reply({ id: 0, at: 0 });
});

async function startNode(library: ClientLibrary, url: string): Promise<Watched> {
  const { fleet } = await connectNode(library, url, { prefix: `${library}:`, quorum: 2, pollInterval: 60_000 });
  const breaker = createBreaker({ name: 'model', failureThreshold: 1, recoveryTimeout: 3_600_000, fleet });
  const node: Watched = { breaker, rejectedAt: undefined };
  breaker.on('open', () => {
    breaker
      .call(async () => 'answer')
      .catch(() => {
        node.rejectedAt = now();
      });
  });
  breaker.on('close', () => {
    node.rejectedAt = undefined;
  });
  await breaker.ready;
  return node;
}

async function carryOut({ action, library, index }: Order): Promise<number> {
  const all = nodes.get(library) ?? [];
  const breaker = all[index]?.breaker;
  if (action === 'open') {
    await breaker?.call(() => Promise.reject(new Error('down'))).catch(() => {});
    return all[index]?.rejectedAt ?? Number.NaN;
  }
  if (action === 'reset') {
    breaker?.reset();
    return now();
  }
  for (const node of all) {
    const isDone = () => (action === 'awaitClosed' ? node.breaker.state === 'closed' : node.rejectedAt !== undefined);
    while (!isDone()) await delay(1);
  }
  return action === 'awaitClosed' ? now() : Math.max(...all.map(({ rejectedAt = Number.NaN }) => rejectedAt));
}

function now(): number {
  return Number(process.hrtime.bigint()) / 1e6;
}

function reply(answer: Reply): void {
  process.send?.(answer);
}
