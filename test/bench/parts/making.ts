import { createBreaker } from 'agent-circuit-breaker';
import { modelCalls } from 'agent-circuit-breaker/llm';
import { ConsecutiveBreaker, circuitBreaker, handleAll } from 'cockatiel';
import { ours, toFigures } from '../figures.ts';
import { heapBytes } from '../measuring/heap.ts';
import { type Effort, rotate } from '../measuring/rounds.ts';
import { synchronous } from '../measuring/turns.ts';
import type { Figures } from '../row.ts';
import { beside } from './beside.ts';

/** Makes one breaker. */
export type Make = () => object;

/** One of ours. */
export const makePlain: Make = () => createBreaker({ failureThreshold: 5, recoveryTimeout: 30_000 });

/** One of ours that judges the errors of models. */
export const makeForModels: Make = () =>
  createBreaker({ failureThreshold: 5, recoveryTimeout: 30_000, ...modelCalls() });

const makeCockatiel: Make = () =>
  circuitBreaker(handleAll, { halfOpenAfter: 30_000, breaker: new ConsecutiveBreaker(5) });

/** What making a breaker takes. */
export function measureMaking(make: Make, effort: Effort): Promise<Figures> {
  return beside(effort, { unit: 'us', ours: synchronous(make), others: { cockatiel: synchronous(makeCockatiel) } });
}

/** The memory that a breaker takes before its first call. */
export async function measureNewMemory(make: Make, count: number, rounds: number): Promise<Figures> {
  const samples = new Map<string, number[]>();
  const makers = [
    { name: ours, make },
    { name: 'cockatiel', make: makeCockatiel },
  ];
  for (let round = 0; round < rounds; round++)
    for (const { name, make } of rotate(makers, round))
      samples.set(name, [...(samples.get(name) ?? []), await kibOf(make, count)]);
  return toFigures(samples, { unit: 'KiB' });
}

async function kibOf(make: Make, count: number): Promise<number> {
  // The first one is compiled, which is paid once.
  make();
  const before = await heapBytes();
  const made = Array.from({ length: count }, make);
  const bytes = (await heapBytes()) - before;
  // Read after measuring, so that none of them can be collected before.
  return bytes / made.length / 1024;
}
