import { cpus } from 'node:os';
import { type Column, clientLibraries } from './fleet/column.ts';
import type { FleetReport } from './fleet/measure-fleet.ts';
import { libraries } from './libraries.ts';
import type { Row } from './rows.ts';

/** Where and how the numbers came about. */
export interface Circumstances {
  readonly node: string;
  readonly platform: string;
  readonly processor: string;
  /** Rounds of which each number is the median. */
  readonly rounds: number;
}

/** Tells where the benchmark runs. */
export function describeCircumstances(rounds: number): Circumstances {
  const [processor] = cpus();
  return {
    node: process.version,
    platform: `${process.platform}-${process.arch}`,
    processor: processor?.model ?? 'unknown',
    rounds,
  };
}

/** The report as one JSON document. */
export function toJson(rows: readonly Row[], fleet: FleetReport, circumstances: Circumstances): string {
  const plain = { rows: rows.map(toPlain), fleet: { ...fleet, rows: fleet.rows.map(toPlain) } };
  return JSON.stringify({ ...circumstances, ...plain }, undefined, 2);
}

/** The report as two tables in Markdown. */
export function toMarkdown(rows: readonly Row[], fleet: FleetReport, circumstances: Circumstances): string {
  const { node, platform, processor, rounds } = circumstances;
  const columns: readonly Column[] = ['no fleet', ...clientLibraries];
  return [
    `The built package, Node ${node}, ${platform}, ${processor}; medians of ${rounds} interleaved rounds.`,
    'Nanoseconds are what an awaited call costs more than the same call without a breaker. opossum has no count of failures',
    'in a row: it watches a window of 10 s, which holds every latency, without percentiles but in the rows about windows.',
    '',
    ...table(
      rows,
      libraries.map(({ name }) => name),
    ),
    '',
    fleet.skipped === undefined
      ? 'Breakers that share their circuit over a Redis server of this machine, by two libraries:'
      : `Nothing about fleets: ${fleet.skipped}`,
    ...(fleet.skipped === undefined ? ['', ...table(fleet.rows, columns)] : []),
  ].join('\n');
}

function toPlain<N extends string>(row: Row<N>) {
  return { ...row, values: Object.fromEntries(row.values) };
}

function table<N extends string>(rows: readonly Row<N>[], names: readonly N[]): readonly string[] {
  return [
    line(['', ...names, 'goal', 'reached']),
    line(['---', ...names.map(() => '--:'), '---', '---']),
    ...rows.map((row) =>
      line([
        row.name,
        ...names.map((name) => cell(row, row.values.get(name))),
        row.goals.map(({ wanted }) => wanted).join('<br>'),
        row.goals.map(({ reached, isMet }) => `${reached} ${isMet ? 'met' : '**missed**'}`).join('<br>'),
      ]),
    ),
  ];
}

function line(cells: readonly string[]): string {
  return `| ${cells.join(' | ')} |`;
}

function cell({ unit }: Pick<Row, 'unit'>, numbers: readonly number[] | undefined): string {
  if (numbers === undefined) return '-';
  const digits = { ns: 0, us: 1, ms: 2, KiB: 1, '': 1 }[unit];
  return `${numbers.map((number) => number.toFixed(digits)).join(' → ')} ${unit}`.trimEnd();
}
