import { fork } from 'node:child_process';
import { once } from 'node:events';
import type { Benchmark } from './benchmark.ts';
import type { Figures } from './row.ts';

/**
 * Measures a benchmark in a process of its own.
 *
 * @param programs - The folder of the built programs.
 * @returns Its figures; none where it failed, which the process has told, and which fails the whole in the end.
 */
export async function measureApart(
  { names, table }: Benchmark,
  programs: URL,
  isQuick: boolean,
): Promise<readonly Figures[]> {
  const size = isQuick ? 'quick' : 'full';
  const child = fork(new URL('measure-process.js', programs), [size, table, String(names[0])], {
    execArgv: ['--expose-gc'],
    serialization: 'advanced',
    // What a library prints must not get into the report.
    stdio: ['ignore', process.stderr.fd, process.stderr.fd, 'ipc'],
  });
  let figures: readonly Figures[] = [];
  child.on('message', (measured: readonly Figures[]) => {
    figures = measured;
  });
  await Promise.all([once(child, 'exit'), once(child, 'disconnect')]);
  if (figures.length === names.length) return figures;
  console.error(`Nothing was measured of ${names.join(', ')}.`);
  process.exitCode = 1;
  return [];
}
