import { expect, it } from 'vitest';
import { projectRoot } from '../package/package-copy.ts';
import { runCommand } from '../package/run-command.ts';
import { whyNoRedisServer } from '../support/redis/redis-available.ts';

const libraries = ['agent-circuit-breaker', 'cockatiel', 'opossum', 'hand-written'];
const inWindow = '10 and 100 calls in the window';
/** Each row with the number of numbers it has for us, and of goals. No number is judged: a slow machine is no bug. */
const rows: readonly (readonly [name: string, numbers: number, goals: number])[] = [
  ['successful call, closed', 1, 3],
  ['rejection, open', 1, 2],
  ['failing call, closed, consecutive', 1, 1],
  ['rate mode, 20 % failing', 1, 1],
  [`successful call, rate over time, ${inWindow}`, 2, 1],
  [`failing call, rate over time, ${inWindow}`, 2, 1],
  [`successful call, rate of calls, ${inWindow}`, 2, 1],
  [`failing call, rate of calls, ${inWindow}`, 2, 1],
  [`failing call, failures over time, ${inWindow}`, 2, 1],
  ['adding a key to a registry of 10 and 100', 2, 1],
  ['memory per breaker', 1, 1],
  ['growth of the heap over 100 calls', 1, 1],
];

/** The rows about fleets, each with the number of its goals. */
const fleetRows: readonly (readonly [name: string, goals: number])[] = [
  ['successful call, closed', 1],
  ['rejection, open', 1],
  ['commands for 1,000 healthy calls', 1],
  ['scripts in a minute, by polls', 1],
  ['commands of each, itself included', 0],
  ["from the quorum to the last of 4 nodes' rejection, p50", 1],
  ["from the quorum to the last of 4 nodes' rejection, p99", 1],
  ['making a breaker of a registry', 1],
  ['memory per breaker of a registry', 1],
  ['making a breaker by createBreaker', 1],
  ['memory per breaker by createBreaker', 1],
];
const clients = ['node-redis 6', 'ioredis 6'];

interface ReportRow {
  readonly name: string;
  readonly values: Readonly<Record<string, readonly number[]>>;
  readonly goals: readonly { readonly wanted: string; readonly reached: string; readonly isMet: boolean }[];
}

interface Report {
  readonly rows: readonly ReportRow[];
  readonly fleet: { readonly rows: readonly ReportRow[]; readonly skipped?: string };
}

/** Not every library has every window. */
function numberOfPeers(row: string): number {
  if (row.includes('failures over time') || row.includes('registry')) return 1;
  if (row.includes('rate of calls')) return 2;
  return row.includes('rate') ? 3 : libraries.length;
}

const runBench = (...flags: readonly string[]) =>
  runCommand(process.execPath, ['--import', 'tsx', 'test/bench/bench.ts', '--quick', ...flags], projectRoot);

/** What the benchmark says of fleets is looked at where there is a server for them. */
const measuresFleets = whyNoRedisServer === undefined;

it('measures every path for every library and judges every goal', { timeout: 60_000 }, async () => {
  const report: Report = JSON.parse(await runBench('--json'));
  expect(
    report.rows.map(({ name, values, goals }) => [name, values[libraries[0] ?? '']?.length, goals.length]),
  ).toEqual(rows);
  for (const { name, values, goals } of report.rows) {
    const measured = libraries.slice(0, numberOfPeers(name));
    expect(Object.keys(values).sort(), name).toEqual([...measured].sort());
    expect(Object.values(values).flat().every(Number.isFinite), name).toBe(true);
    for (const { reached } of goals) expect(reached, name).toMatch(/^-?\d+\.\d\d (x|KiB)$/);
  }

  const { rows: ofFleets, skipped } = report.fleet;
  expect(skipped).toBe(whyNoRedisServer);
  expect(ofFleets.map(({ name, goals }) => [name, goals.length])).toEqual(measuresFleets ? fleetRows : []);
  for (const { name, values, goals } of ofFleets) {
    expect(Object.keys(values), name).toEqual(expect.arrayContaining(clients));
    expect(Object.values(values).flat().every(Number.isFinite), name).toBe(true);
    for (const { reached } of goals) expect(reached, name).toMatch(/^-?\d+\.\d\d( x| ms)?$/);
  }
  expect(ofFleets.find(({ name }) => name.startsWith('commands for'))?.values).toEqual(
    measuresFleets ? Object.fromEntries(clients.map((client) => [client, [0]])) : undefined,
  );
});

it('prints tables for the README, with each goal and whether it is met', { timeout: 60_000 }, async () => {
  const [table = [], ofFleets = []] = tablesIn(await runBench());
  expect(table[0]).toEqual(['', ...libraries, 'goal', 'reached']);
  expect(table.slice(2).map(([name]) => name)).toEqual(rows.map(([name]) => name));
  for (const cells of table) expect(cells).toHaveLength(libraries.length + 3);
  for (const cells of table.slice(2)) expect(cells.at(-1)).toMatch(/ (met|\*\*missed\*\*)/);

  if (measuresFleets) expect(ofFleets[0]).toEqual(['', 'no fleet', ...clients, 'goal', 'reached']);
  expect(ofFleets.slice(2).map(([name]) => name)).toEqual(measuresFleets ? fleetRows.map(([name]) => name) : []);
  for (const cells of ofFleets) expect(cells).toHaveLength(clients.length + 4);
});

/** The cells of every table of a text, by lines. */
function tablesIn(text: string): readonly (readonly (readonly string[])[])[] {
  return [...text.matchAll(/(?:^\|.*\n?)+/gm)].map(([lines]) =>
    lines
      .trimEnd()
      .split('\n')
      .map((line) =>
        line
          .split('|')
          .slice(1, -1)
          .map((cell) => cell.trim()),
      ),
  );
}
