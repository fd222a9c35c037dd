import { cpus } from 'node:os';
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
export function toJson(rows: readonly Row[], circumstances: Circumstances): string {
  const plain = rows.map((row) => ({ ...row, values: Object.fromEntries(row.values) }));
  return JSON.stringify({ ...circumstances, rows: plain }, undefined, 2);
}

/** The report as a table in Markdown. */
export function toMarkdown(rows: readonly Row[], { node, platform, processor, rounds }: Circumstances): string {
  const names = libraries.map(({ name }) => name);
  return [
    `The built package, Node ${node}, ${platform}, ${processor}; medians of ${rounds} interleaved rounds.`,
    'Nanoseconds are what an awaited call costs more than the same call without a breaker. opossum has no count of failures',
    'in a row: it watches a window of 10 s, which holds every latency, without percentiles but in the rows about windows.',
    '',
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
  ].join('\n');
}

function line(cells: readonly string[]): string {
  return `| ${cells.join(' | ')} |`;
}

function cell({ unit }: Row, numbers: readonly number[] | undefined): string {
  if (numbers === undefined) return '-';
  const digits = unit === 'KiB' ? 1 : 0;
  return `${numbers.map((number) => number.toFixed(digits)).join(' → ')} ${unit}`;
}
