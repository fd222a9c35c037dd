import { cpuNs } from './cpu-time.ts';
import type { Turn } from './turns.ts';

/** Something to be timed beside others. */
export interface Contestant<N extends string> {
  readonly name: N;
  readonly turn: Turn;
}

/** How much is measured. */
export interface Effort {
  /** Rounds in which every contestant has its turn. */
  readonly rounds: number;
  /** Calls in each turn, at least. */
  readonly calls: number;
  /**
   * CPU time that a turn takes about, in milliseconds, if that is more: so long that there are collections of garbage in
   * each, since the median of turns with and without one says little.
   * @default 0
   */
  readonly turnMs?: number;
  /** CPU time that each contestant is given before anything is measured, in milliseconds. */
  readonly warmUpMs: number;
}

/** What was measured of each contestant, one number for each round. */
export type Samples<N extends string> = ReadonlyMap<N, readonly number[]>;

/**
 * Gives contestants their turns, so that what slows the machine down slows all of them down: many short turns, each
 * round beginning with another contestant, after some that only warm up. The samples of one round belong together: they
 * are compared before they are put in order.
 */
export async function inRounds<N extends string>(
  contestants: readonly Contestant<N>[],
  effort: Effort,
): Promise<Samples<N>> {
  const counts = await warmUp(contestants, effort);
  const samples = new Map(contestants.map(({ name }): [N, number[]] => [name, []]));
  for (let round = 0; round < effort.rounds; round++)
    for (const { name, turn } of rotate(contestants, round))
      samples.get(name)?.push(await turn(counts.get(name) ?? effort.calls));
  return samples;
}

/**
 * Lets everything be compiled. In turns, too: what is compiled for one alone is compiled again once there are others.
 *
 * @returns How many calls a turn of each is to have.
 */
async function warmUp<N extends string>(
  contestants: readonly Contestant<N>[],
  { calls, turnMs = 0, warmUpMs }: Effort,
): Promise<ReadonlyMap<N, number>> {
  const counts = new Map<N, number>();
  const warmAt = cpuNs() + warmUpMs * 1e6 * contestants.length;
  do
    for (const { name, turn } of contestants) {
      const ns = Math.max(1, await turn(calls));
      // By the fastest of them: what is still compiled in the others is no part of the calls.
      counts.set(name, Math.max(counts.get(name) ?? calls, Math.round((turnMs * 1e6) / ns)));
    }
  while (cpuNs() < warmAt);
  return counts;
}

/**
 * Gives contestants their turns, as {@link inRounds} does, and the call without a breaker one in each round.
 *
 * @returns What each contestant's call costs more than the bare one in the same round.
 */
export async function compareOverheads<N extends string>(
  contestants: readonly Contestant<N>[],
  bare: Turn,
  effort: Effort,
): Promise<Samples<N>> {
  const samples = await inRounds<N | typeof bareCall>([...contestants, { name: bareCall, turn: bare }], effort);
  const bareNs = samples.get(bareCall) ?? [];
  return new Map(contestants.map(({ name }) => [name, less(samples.get(name) ?? [], bareNs)]));
}

/** The call without a breaker. */
const bareCall = 'bare call';

/**
 * Gives the contestants of several sizes of something their turns in the same rounds.
 *
 * @param ofSizes - Those of each size, by the same names.
 * @returns Samples for each size.
 */
export async function inRoundsBySize<N extends string>(
  ofSizes: readonly (readonly Contestant<N>[])[],
  effort: Effort,
): Promise<readonly Samples<N>[]> {
  const named = ofSizes.map((contestants, index) =>
    contestants.map((one) => ({ ...one, alias: `${index} ${one.name}` })),
  );
  const samples = await inRounds(
    named.flat().map(({ alias, turn }) => ({ name: alias, turn })),
    effort,
  );
  return named.map((contestants) => new Map(contestants.map(({ name, alias }) => [name, samples.get(alias) ?? []])));
}

/** Another order in every round, so that nobody always comes after the same one. */
export function rotate<T>(items: readonly T[], by: number): readonly T[] {
  const start = by % items.length;
  return [...items.slice(start), ...items.slice(0, start)];
}

/** Samples less those of somebody else in the same round. */
export function less(samples: readonly number[], others: readonly number[]): readonly number[] {
  return samples.map((sample, round) => sample - Number(others[round]));
}

/** Samples as multiples of those of somebody else in the same round. */
export function timesOf(samples: readonly number[], others: readonly number[]): readonly number[] {
  return samples.map((sample, round) => sample / Number(others[round]));
}
