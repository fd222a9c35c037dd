import { createBreaker } from 'agent-circuit-breaker';
import { outOfReach } from '../libraries/library.ts';
import { cpuNs } from '../measuring/cpu-time.ts';
import type { Effort } from '../measuring/rounds.ts';
import { awaited, type Turn } from '../measuring/turns.ts';
import type { Figures } from '../row.ts';
import { beside } from './beside.ts';

/** Each item of a long stream. */
export function measureItems(effort: Effort): Promise<Figures> {
  const breaker = createBreaker({ failureThreshold: outOfReach });
  return compareItems(effort, (count) => breaker.stream(() => items(count)));
}

/** Each item of a long stream that may not stall. */
export function measureWatchedItems(effort: Effort): Promise<Figures> {
  const breaker = createBreaker({ failureThreshold: outOfReach });
  return compareItems(effort, (count) => breaker.stream(() => items(count), { idleTimeout: 30_000 }));
}

/** A stream of one item, from its beginning to its end. */
export function measureShortStreams(effort: Effort): Promise<Figures> {
  const breaker = createBreaker({ failureThreshold: outOfReach });
  return beside(effort, {
    unit: 'ns',
    ours: awaited(() => readAll(breaker.stream(() => items(1)))),
    bare: ['the source alone', awaited(() => readAll(items(1)))],
    others: { 'pass-through generator': awaited(() => readAll(passThrough(items(1)))) },
  });
}

function compareItems(effort: Effort, guard: (count: number) => AsyncIterable<number>): Promise<Figures> {
  return beside(effort, {
    unit: 'ns',
    ours: perItem(guard),
    bare: ['the source alone', perItem(items)],
    others: { 'pass-through generator': perItem((count) => passThrough(items(count))) },
  });
}

/** One stream of so many items a turn. */
function perItem(open: (count: number) => AsyncIterable<number>): Turn {
  return async (count) => {
    const start = cpuNs();
    await readAll(open(count));
    return (cpuNs() - start) / count;
  };
}

async function readAll(stream: AsyncIterable<number>): Promise<number> {
  let sum = 0;
  for await (const item of stream) sum += item;
  return sum;
}

async function* items(count: number): AsyncGenerator<number> {
  for (let item = 0; item < count; item++) yield item;
}

async function* passThrough<T>(source: AsyncIterable<T>): AsyncGenerator<T> {
  for await (const item of source) yield item;
}
