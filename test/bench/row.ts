import type { Spread } from './measuring/statistics.ts';

/** What was measured for one line of the report. */
export interface Figures<N extends string = string> {
  /** Empty for what is counted. */
  readonly unit: 'ns' | 'us' | 'ms' | 'KiB' | '';
  /** What was measured; two numbers where something may grow from the first to the second. */
  readonly values: ReadonlyMap<N, readonly number[]>;
  /** Where the samples of our own lie, for each number of ours; left out where there is one sample. */
  readonly spreads?: readonly Spread[];
  /** Our own as multiples of something else, compared round by round. */
  readonly ratios?: readonly Ratio[];
  readonly goals: readonly Goal[];
}

/** One line of the report. */
export interface Row<N extends string = string> extends Figures<N> {
  readonly name: string;
}

/** How many times as much ours is as something else. */
export interface Ratio extends Spread {
  /** What ours is compared with. */
  readonly of: string;
  readonly median: number;
}

/** A goal and what was reached. */
export interface Goal {
  readonly wanted: string;
  readonly reached: string;
  readonly isMet: boolean;
}

/** Compares what was reached with what was wanted, which is no more than a limit. */
export function judge(wanted: string, reached: number, limit: number, unit = ' x'): Goal {
  return { wanted, reached: `${reached.toFixed(2)}${unit}`, isMet: reached <= limit };
}

/** A count, as it stands in a row's name. */
export function inWords(count: number): string {
  return count.toLocaleString('en');
}
