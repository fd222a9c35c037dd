import { ours } from './figures.ts';
import type { Spread } from './measuring/statistics.ts';
import type { Row } from './row.ts';

type Unit = Row['unit'];

/** A table with a column for each of those who are compared; nothing without rows. */
export function columnsTable(rows: readonly Row[], names: readonly string[]): readonly string[] {
  if (rows.length === 0) return [];
  return [
    ...head(names),
    ...rows.map((row) => line([row.name, ...names.map((name) => cell(row.unit, row.values.get(name))), ...goals(row)])),
  ];
}

/** A table of rows each of which is compared with something else; nothing without rows. */
export function besideTable(rows: readonly Row[]): readonly string[] {
  if (rows.length === 0) return [];
  return [
    ...head([ours, 'beside', 'times as much']),
    ...rows.map((row) => line([row.name, own(row), others(row), ratios(row), ...goals(row)])),
  ];
}

function head(columns: readonly string[]): readonly string[] {
  return [line(['', ...columns, 'goal', 'reached']), line(['---', ...columns.map(() => '--:'), '---', '---'])];
}

function own({ unit, values, spreads }: Row): string {
  const numbers = values.get(ours) ?? [];
  return numbers
    .map((number, index) => `${number.toFixed(digits[unit])} ${unit}${inBrackets(spreads?.[index], digits[unit])}`)
    .join(' → ');
}

function others({ unit, values }: Row): string {
  return [...values]
    .filter(([name]) => name !== ours)
    .map(([name, numbers]) => `${name} ${cell(unit, numbers)}`)
    .join('<br>');
}

function ratios({ ratios = [] }: Row): string {
  return ratios.map((ratio) => `${ratio.median.toFixed(2)}${inBrackets(ratio, 2)} x ${ratio.of}`).join('<br>');
}

function inBrackets(spread: Spread | undefined, places: number): string {
  return spread ? ` (${spread.low.toFixed(places)} to ${spread.high.toFixed(places)})` : '';
}

function goals({ goals }: Row): readonly [wanted: string, reached: string] {
  return [
    goals.map(({ wanted }) => wanted).join('<br>'),
    goals.map(({ reached, isMet }) => `${reached} ${isMet ? 'met' : '**missed**'}`).join('<br>'),
  ];
}

function line(cells: readonly string[]): string {
  return `| ${cells.join(' | ')} |`;
}

function cell(unit: Unit, numbers: readonly number[] | undefined): string {
  if (numbers === undefined) return '-';
  return `${numbers.map((number) => number.toFixed(digits[unit])).join(' → ')} ${unit}`.trimEnd();
}

const digits: Readonly<Record<Unit, number>> = { ns: 0, us: 1, ms: 2, KiB: 1, '': 1 };
