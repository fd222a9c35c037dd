import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { copyPackage, createTempFolder, projectRoot } from '../package/package-copy.ts';
import { runCommand, tryCommand } from '../package/run-command.ts';
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

const among = 'among 10 and 100';
/** Each row about a way to use a breaker, with the number of numbers it has for us, and what stands beside it. */
const partRows: readonly (readonly [name: string, numbers: number, beside: readonly string[]])[] = [
  ['wrap, successful call', 1, ['by hand', 'bare call']],
  ['decorator, successful call', 1, ['by hand', 'bare call']],
  ['callSync, successful call', 1, ['bare call']],
  ['permit, acquire and succeed', 1, ['bare call']],
  ["run with the caller's lasting signal", 1, ['by hand', 'cockatiel', 'bare call']],
  ['run with a new signal for each call', 1, ['by hand', 'cockatiel', 'bare call']],
  ['run with a deadline', 1, ['by hand', 'cockatiel', 'bare call']],
  ['run with a deadline, its signal unread', 1, ['by hand', 'cockatiel', 'bare call']],
  ['run with a lasting signal and a deadline', 1, ['by hand', 'cockatiel', 'bare call']],
  ['stream, per item', 1, ['pass-through generator', 'the source alone']],
  ['stream with an idleTimeout, per item', 1, ['pass-through generator', 'the source alone']],
  ['stream of one item', 1, ['pass-through generator', 'the source alone']],
  ['breakerFetch, one JSON answer', 1, ['plain fetch']],
  ['breakerFetch, per server-sent event', 1, ['plain fetch']],
  ["the AI SDK's middleware, per stream part", 1, ['a middleware that does nothing']],
  [`registry.get of one hot key ${among}`, 2, ['a Map']],
  [`registry.get of cold keys ${among}`, 2, ['a Map']],
  ['metrics()', 1, []],
  ['toJSON()', 1, []],
  ['registry.metrics() of 10', 1, []],
  ['making a breaker', 1, ['cockatiel']],
  ['making a breaker with modelCalls()', 1, ['cockatiel']],
  ['memory before the first call', 1, ['cockatiel']],
  ['memory before the first call, with modelCalls()', 1, ['cockatiel']],
  ['an outage: trip, recover, close', 1, []],
  ['an outage: fail, recover, close', 1, []],
  ['classifying a model error, plain 500', 1, []],
  ['classifying a model error, 429 with headers', 1, []],
  ['a failure of an observed breaker, 10 and 100 in its failureWindow', 2, []],
  ['import of the main entry, fresh process', 1, ['xstate alone', 'cockatiel']],
  ['import and first call, fresh process', 1, ['the import alone']],
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
  readonly spreads?: readonly { readonly low: number; readonly high: number }[];
  readonly ratios?: readonly { readonly of: string }[];
  readonly goals: readonly { readonly wanted: string; readonly reached: string; readonly isMet: boolean }[];
}

interface Report {
  readonly rows: readonly ReportRow[];
  readonly parts: readonly ReportRow[];
  readonly fleet: { readonly rows: readonly ReportRow[]; readonly skipped?: string };
}

/** Not every library has every window. */
function numberOfPeers(row: string): number {
  if (row.includes('failures over time') || row.includes('registry')) return 1;
  if (row.includes('rate of calls')) return 2;
  return row.includes('rate') ? 3 : libraries.length;
}

const command = ['--import', 'tsx', 'test/bench/bench.ts'];
const runBench = (...words: readonly string[]) => runCommand(process.execPath, [...command, ...words], projectRoot);
const tryBench = (...words: readonly string[]) => tryCommand(process.execPath, [...command, ...words], projectRoot);

/** What the benchmark says of fleets is looked at where there is a server for them. */
const measuresFleets = whyNoRedisServer === undefined;

it('gives every row a number and judges every goal', { timeout: 300_000 }, async () => {
  const report: Report = JSON.parse(await runBench('--quick', '--json'));
  expect(
    report.rows.map(({ name, values, goals }) => [name, values[libraries[0] ?? '']?.length, goals.length]),
  ).toEqual(rows);
  for (const { name, values, goals } of report.rows) {
    const measured = libraries.slice(0, numberOfPeers(name));
    expect(Object.keys(values).sort(), name).toEqual([...measured].sort());
    expect(Object.values(values).flat().every(Number.isFinite), name).toBe(true);
    for (const { reached } of goals) expect(reached, name).toMatch(/^-?\d+\.\d\d (x|KiB)$/);
  }
  expectParts(report.parts);
  expectFleet(report.fleet);
});

/** How far ratios go is not looked at: in the least that can be measured of a bare call there may be no time at all. */
function expectParts(parts: readonly ReportRow[]): void {
  const [ours = ''] = libraries;
  expect(parts.map(({ name, values: { [ours]: own, ...beside } }) => [name, own?.length, Object.keys(beside)])).toEqual(
    partRows,
  );
  for (const { name, values, spreads = [], ratios } of parts) {
    expect(Object.values(values).flat().every(Number.isFinite), name).toBe(true);
    expect(spreads, name).toHaveLength(values[ours]?.length ?? 0);
    expect(spreads.flatMap(({ low, high }) => [low, high]).every(Number.isFinite), name).toBe(true);
    const compared = Object.keys(values).filter((other) => other !== ours);
    expect(
      ratios?.map(({ of }) => of),
      name,
    ).toEqual(expect.arrayContaining(compared));
  }
}

function expectFleet({ rows: ofFleets, skipped }: Report['fleet']): void {
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
}

it('prints tables of the rows that are asked for, of another checkout, and fails where one gives no number', {
  timeout: 240_000,
}, async () => {
  const folder = await createTempFolder('bench-checkout');
  await copyPackage(folder);
  await writeFile(join(folder, 'src/llm.ts'), 'export const nothing = 0;\n');
  const wanted = ['CALL, closed', 'hot key', 'classifying'];
  const { exitCode, output } = await tryBench('--quick', '--package', folder, ...wanted);
  await rm(folder, { recursive: true });
  expect(exitCode).toBe(1);
  expect(output).toContain(`The package in ${folder}, built`);
  expect(output).toContain('Nothing was measured of classifying a model error, plain 500.');

  const [table = [], ofParts = [], ofFleets = []] = tablesIn(output);
  expect(table[0]).toEqual(['', ...libraries, 'goal', 'reached']);
  expect(table.slice(2).map(([name]) => name)).toEqual([
    'successful call, closed',
    'failing call, closed, consecutive',
  ]);
  for (const cells of table) expect(cells).toHaveLength(libraries.length + 3);
  for (const cells of table.slice(2)) expect(cells.at(-1)).toMatch(/ (met|\*\*missed\*\*)/);

  expect(ofParts[0]).toEqual(['', libraries[0], 'beside', 'times as much', 'goal', 'reached']);
  expect(ofParts.slice(2).map(([name]) => name)).toEqual([`registry.get of one hot key ${among}`]);
  expect(ofParts[2]?.[1]).toMatch(/^\d+ ns \(\d+ to \d+\) → \d+ ns \(\d+ to \d+\)$/);

  if (measuresFleets) expect(ofFleets[0]).toEqual(['', 'no fleet', ...clients, 'goal', 'reached']);
  expect(ofFleets.slice(2).map(([name]) => name)).toEqual(measuresFleets ? ['successful call, closed'] : []);
  for (const cells of ofFleets) expect(cells).toHaveLength(clients.length + 4);
});

it('lists the names of its rows, and names them where it is asked for one that there is not', async () => {
  const names = (await runBench('--list', '--quick')).trimEnd().split('\n');
  expect(names).toEqual([...rows, ...partRows, ...fleetRows].map(([name]) => name));
  const { exitCode, output } = await tryBench('--quick', 'permit', 'no such row');
  expect(exitCode).toBe(1);
  expect(output).toBe(
    [`No row has 'no such row' in its name. There are:`, ...names.map((name) => `  ${name}`)].join('\n'),
  );
});

it('says where there is no package to be measured', async () => {
  const folder = await createTempFolder('bench-nowhere');
  const nowhere = await tryBench('--package', folder);
  await rm(folder, { recursive: true });
  expect(nowhere).toEqual({ exitCode: 1, output: expect.stringContaining(`There is no package in ${folder}.`) });
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
