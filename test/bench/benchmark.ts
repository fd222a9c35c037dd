import type { Figures, Row } from './row.ts';

/** The tables of the report: beside other libraries, beside what one writes without a breaker, and in a fleet. */
export type TableName = 'libraries' | 'parts' | 'fleet';

/** What can be measured by itself: a row of the report, or some whose numbers come of one measurement. */
export interface Benchmark {
  /** Of its rows. */
  readonly names: readonly string[];
  readonly table: TableName;
  /**
   * Measures, in a process in which nothing else was measured before.
   *
   * @param programs - The folder of the programs that are built with the package.
   * @returns Figures for each of the names.
   */
  readonly measure: (programs: URL) => Promise<readonly Figures[]>;
}

/** A benchmark of one row. */
export function row(table: TableName, name: string, measure: (programs: URL) => Promise<Figures>): Benchmark {
  return { names: [name], table, measure: async (programs) => [await measure(programs)] };
}

/** What a benchmark has measured, as rows. */
export function toRows({ names }: Benchmark, figures: readonly Figures[]): readonly Row[] {
  return figures.map((ofRow, index) => ({ name: String(names[index]), ...ofRow }));
}

/** Whether somebody who asked for rows by parts of their names asked for this one; who named none asked for all. */
export function isAskedFor(name: string, wanted: readonly string[]): boolean {
  return wanted.length === 0 || wanted.some((part) => contains(name, part));
}

/**
 * Chooses benchmarks by their names.
 *
 * @param wanted - Parts of names, in any case; none for all.
 * @returns Those of which at least one name contains at least one of the parts.
 * @throws Error that lists the names, where a part is in none of them.
 */
export function chooseBenchmarks(benchmarks: readonly Benchmark[], wanted: readonly string[]): readonly Benchmark[] {
  const names = benchmarks.flatMap((benchmark) => benchmark.names);
  const unknown = wanted.find((part) => !names.some((name) => contains(name, part)));
  if (unknown !== undefined)
    throw new Error(`No row has '${unknown}' in its name. There are:\n${names.map((name) => `  ${name}`).join('\n')}`);
  return benchmarks.filter((benchmark) => benchmark.names.some((name) => isAskedFor(name, wanted)));
}

function contains(name: string, part: string): boolean {
  return name.toLowerCase().includes(part.toLowerCase());
}
