import { setImmediate } from 'node:timers/promises';

/** Something to be timed beside others. */
export interface Contestant<N extends string> {
  readonly name: N;
  readonly call: () => Promise<unknown>;
}

/** How much is measured. */
export interface Effort {
  /** Rounds in which every contestant has its turn. */
  readonly rounds: number;
  /** Calls in each turn. */
  readonly calls: number;
}

/**
 * Makes calls one after the other; a call that fails is caught.
 *
 * @returns Nanoseconds per call.
 */
export async function timeCalls(call: () => Promise<unknown>, count: number): Promise<number> {
  const start = performance.now();
  for (let made = 0; made < count; made++) {
    try {
      await call();
    } catch {
      // Whoever calls a breaker has to catch.
    }
  }
  return ((performance.now() - start) * 1e6) / count;
}

/**
 * Times contestants in turns, so that what slows the machine down slows all of them down: many short turns, each round
 * beginning with another contestant, after a long turn that only warms up.
 *
 * @param bare - The call without a breaker, which is timed in every round.
 * @returns For each contestant the median, over the rounds, of its nanoseconds per call less those of the bare call.
 */
export async function compareOverheads<N extends string>(
  contestants: readonly Contestant<N>[],
  bare: () => Promise<unknown>,
  { rounds, calls }: Effort,
): Promise<ReadonlyMap<N, number>> {
  for (const { call } of contestants) await timeCalls(call, calls * 5);
  const overheads = new Map(contestants.map(({ name }): [N, number[]] => [name, []]));
  for (let round = 0; round < rounds; round++) {
    const bareNs = await timeCalls(bare, calls);
    for (const { name, call } of rotate(contestants, round))
      overheads.get(name)?.push((await timeCalls(call, calls)) - bareNs);
  }
  return new Map([...overheads].map(([name, samples]) => [name, median(samples)]));
}

/** The middle of several numbers. */
export function median(numbers: readonly number[]): number {
  const sorted = [...numbers].sort((a, b) => a - b);
  const middle = (sorted.length - 1) / 2;
  return (Number(sorted[Math.floor(middle)]) + Number(sorted[Math.ceil(middle)])) / 2;
}

/** Another order in every round, so that nobody always comes after the same one. */
export function rotate<T>(items: readonly T[], by: number): readonly T[] {
  const start = by % items.length;
  return [...items.slice(start), ...items.slice(0, start)];
}

/** Bytes in use on the heap once everything that nobody holds is gone. */
export async function heapBytes(): Promise<number> {
  if (globalThis.gc === undefined) throw new Error('Run Node with --expose-gc.');
  for (let pass = 0; pass < 3; pass++) {
    globalThis.gc();
    await setImmediate();
  }
  return process.memoryUsage().heapUsed;
}
