import { cpus } from 'node:os';
import { clientLibraries } from './fleet/column.ts';
import { libraryNames } from './libraries/library.ts';
import type { Row } from './row.ts';
import { besideTable, columnsTable } from './table.ts';

/** Where and how the numbers came about. */
export interface Circumstances {
  readonly node: string;
  readonly platform: string;
  readonly processor: string;
  /** Where the package is that was measured; undefined for this one. */
  readonly package: string | undefined;
  /** What building and measuring took. */
  readonly seconds: number;
}

/** What was measured, by tables. */
export interface Report {
  /** Beside other libraries. */
  readonly libraries: readonly Row[];
  /** Each way to use a breaker, beside what one writes without it. */
  readonly parts: readonly Row[];
  /** Breakers that share their circuit. */
  readonly fleet: readonly Row[];
  /** Why nothing was measured of a fleet; undefined where it was, or was not asked for. */
  readonly skipped: string | undefined;
}

/** Tells where the benchmark runs, and what of and how long it did. */
export function describeCircumstances(checkout: string | undefined, seconds: number): Circumstances {
  const [processor] = cpus();
  return {
    node: process.version,
    platform: `${process.platform}-${process.arch}`,
    processor: processor?.model ?? 'unknown',
    package: checkout,
    seconds: Math.round(seconds),
  };
}

/** The report as one JSON document. */
export function toJson({ libraries, parts, fleet, skipped }: Report, circumstances: Circumstances): string {
  const plain = {
    rows: libraries.map(toPlain),
    parts: parts.map(toPlain),
    fleet: { rows: fleet.map(toPlain), skipped },
  };
  return JSON.stringify({ ...circumstances, ...plain }, undefined, 2);
}

/** The report as tables in Markdown; those without a row are left out. */
export function toMarkdown({ libraries, parts, fleet, skipped }: Report, circumstances: Circumstances): string {
  const { node, platform, processor, seconds, package: checkout } = circumstances;
  const built = checkout === undefined ? 'The built package' : `The package in ${checkout}, built`;
  const sections = [
    [
      `${built}, Node ${node}, ${platform}, ${processor}; CPU time, medians of interleaved rounds; ${seconds} s.`,
      'Nanoseconds are what an awaited call costs more than the same call without a breaker. opossum has no count of failures',
      'in a row: it watches a window of 10 s, which holds every latency, without percentiles but in the rows about windows.',
    ],
    columnsTable(libraries, libraryNames),
    parts.length === 0 ? [] : aboutParts,
    besideTable(parts),
    fleet.length === 0
      ? []
      : ['Breakers that share their circuit over a Redis server of this machine, by two libraries:'],
    columnsTable(fleet, ['no fleet', ...clientLibraries]),
    skipped === undefined ? [] : [`Nothing about fleets: ${skipped}`],
  ];
  return sections
    .filter((lines) => lines.length > 0)
    .map((lines) => lines.join('\n'))
    .join('\n\n');
}

const aboutParts = [
  'Each way to use a breaker. Where there is a "bare" one beside it, it is told as it is, and left out of all others: they',
  'are what they cost more. Ratios are medians of those of the single rounds (in brackets: 10th to 90th percentile); beside',
  'the bare one they are those of the whole.',
];

function toPlain(row: Row) {
  return { ...row, values: Object.fromEntries(row.values) };
}
