import { setTimeout as delay } from 'node:timers/promises';
import { type CircuitBreaker, createBreaker, createBreakerRegistry } from 'agent-circuit-breaker';
import type { Fleet } from 'agent-circuit-breaker/redis';
import { medians } from '../figures.ts';
import { cpuNs } from '../measuring/cpu-time.ts';
import { heapBytes } from '../measuring/heap.ts';
import type { Figures } from '../row.ts';
import { comparedWithNone } from './calls.ts';
import type { Column } from './column.ts';
import { forEachColumn } from './fleet-node.ts';

/** How many breakers there are at a time, and how often they are made. */
export interface Crowd {
  readonly rounds: number;
  readonly breakers: number;
}

/** How long it takes until nothing of the beginning is under way any more, in ms. */
const settleMs = 400;

type Create = (index: number) => CircuitBreaker;

/** Ways to make breakers of one fleet: of a registry, and by `createBreaker`. */
const ways: readonly ((fleet: Fleet | undefined) => Create)[] = [
  (fleet) => {
    const registry = createBreakerRegistry({ failureThreshold: 5, recoveryTimeout: 30_000, fleet });
    return (index) => registry.get(`${index}`);
  },
  (fleet) => (index) => createBreaker({ name: `${index}`, failureThreshold: 5, recoveryTimeout: 30_000, fleet }),
];

/**
 * What making a breaker takes, without waiting until it has heard of its fleet, and the memory of one that has.
 *
 * @returns Both for each of the ways.
 */
export async function measureBreakers(url: string, { rounds, breakers }: Crowd): Promise<readonly Figures<Column>[]> {
  const figures: Figures<Column>[] = [];
  for (const prepare of ways) {
    const times = new Map<Column, number[]>();
    const sizes = new Map<Column, number[]>();
    // The first round only warms up.
    for (let round = 0; round <= rounds; round++)
      await forEachColumn(url, async (column, fleet) => {
        const { us, kib } = await sample(prepare(fleet), round === 0 ? Math.min(breakers, 50) : breakers);
        if (round > 0) times.set(column, [...(times.get(column) ?? []), us]);
        if (round > 0) sizes.set(column, [...(sizes.get(column) ?? []), kib]);
      });
    const made = medians(times);
    const held = medians(sizes);
    figures.push({ unit: 'us', values: made, goals: [comparedWithNone(made, 5)] });
    figures.push({ unit: 'KiB', values: held, goals: [comparedWithNone(held, 3)] });
  }
  return figures;
}

async function sample(create: Create, count: number) {
  // What is left of earlier ones goes.
  await delay(100);
  const before = await heapBytes();
  const start = cpuNs();
  const breakers = Array.from({ length: count }, (_, index) => create(index));
  const us = (cpuNs() - start) / 1e3 / count;
  for (const breaker of breakers) await breaker.call(async () => 'answer');
  for (const breaker of breakers) await breaker.ready;
  // Listening begins after that, and has everybody ask once more.
  await delay(settleMs);
  const kib = ((await heapBytes()) - before) / count / 1024;
  for (const breaker of breakers) breaker.stop();
  return { us, kib };
}
