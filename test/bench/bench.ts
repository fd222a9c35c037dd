import { rm } from 'node:fs/promises';
import { createTempFolder } from '../package/package-copy.ts';
import { whyNoRedisServer } from '../support/redis/redis-available.ts';
import { type BenchArguments, readArguments } from './arguments.ts';
import { type Benchmark, chooseBenchmarks, isAskedFor, type TableName, toRows } from './benchmark.ts';
import { createBenchmarks } from './benchmarks.ts';
import { build } from './build.ts';
import { measureApart } from './measure-apart.ts';
import { describeCircumstances, toJson, toMarkdown } from './report.ts';
import type { Row } from './row.ts';

try {
  const wishes = readArguments(process.argv.slice(2));
  const benchmarks = chooseBenchmarks(createBenchmarks(wishes.quick), wishes.names);
  if (wishes.list) console.log(benchmarks.flatMap(({ names }) => names).join('\n'));
  else await report(benchmarks, wishes);
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
}

async function report(benchmarks: readonly Benchmark[], wishes: BenchArguments): Promise<void> {
  const startedAt = performance.now();
  const tables = await measureAll(benchmarks.filter(isPossible), wishes);
  const skipped = benchmarks.every(isPossible) ? undefined : whyNoRedisServer;
  const circumstances = describeCircumstances(wishes.package, (performance.now() - startedAt) / 1e3);
  const print = wishes.json ? toJson : toMarkdown;
  console.log(print({ ...tables, skipped }, circumstances));
}

/** Builds the package, and measures one benchmark after the other; a few at a time where no figure matters. */
async function measureAll(benchmarks: readonly Benchmark[], { names, quick, ...wishes }: BenchArguments) {
  const tables: Readonly<Record<TableName, Row[]>> = { libraries: [], parts: [], fleet: [] };
  const folder = await createTempFolder('bench');
  try {
    const programs = await build(folder, wishes.package);
    const measured = await inTurns(benchmarks, quick ? 4 : 1, async (benchmark) => {
      if (process.stderr.isTTY) console.error(benchmark.names.join('\n'));
      return toRows(benchmark, await measureApart(benchmark, programs, quick));
    });
    for (const [index, { table }] of benchmarks.entries())
      tables[table].push(...(measured[index] ?? []).filter(({ name }) => isAskedFor(name, names)));
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
  return tables;
}

/** Does something with each of several, so many at a time. */
async function inTurns<T, R>(items: readonly T[], atOnce: number, act: (item: T) => Promise<R>): Promise<readonly R[]> {
  const results: R[] = [];
  const queue = items.entries();
  const work = async () => {
    for (const [index, item] of queue) results[index] = await act(item);
  };
  await Promise.all(Array.from({ length: atOnce }, work));
  return results;
}

/** What needs a server that is not there is skipped. */
function isPossible({ table }: Benchmark): boolean {
  return table !== 'fleet' || whyNoRedisServer === undefined;
}
