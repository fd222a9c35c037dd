import { fork } from 'node:child_process';
import { once } from 'node:events';
import { ours, toFigures } from '../figures.ts';
import { rotate } from '../measuring/rounds.ts';
import type { Figures } from '../row.ts';

/** What a fresh process does: imports a package, and makes a call where it is told to. */
type Task = readonly [packageName: string, ...call: readonly 'call'[]];

/** The import of the main entry, with that of xstate, which is a part of it. */
export function measureImport(programs: URL, rounds: number): Promise<Figures> {
  return measureTasks(programs, rounds, { [ours]: [ours], 'xstate alone': ['xstate'], cockatiel: ['cockatiel'] });
}

/** The import of the main entry, a breaker, and its first call. */
export function measureFirstCall(programs: URL, rounds: number): Promise<Figures> {
  return measureTasks(programs, rounds, { [ours]: [ours, 'call'], 'the import alone': [ours] });
}

async function measureTasks(programs: URL, rounds: number, tasks: Readonly<Record<string, Task>>): Promise<Figures> {
  const samples = new Map<string, number[]>();
  const program = new URL('parts/fresh-process.js', programs);
  // The files of the first round have to be read from disk.
  for (let round = 0; round <= rounds; round++)
    for (const [name, task] of rotate(Object.entries(tasks), round)) {
      const ns = await runTask(program, task);
      if (round > 0) samples.set(name, [...(samples.get(name) ?? []), ns]);
    }
  return toFigures(samples, { unit: 'ms' });
}

async function runTask(program: URL, task: Task): Promise<number> {
  const child = fork(program, task, { execArgv: [] });
  const [ns] = await once(child, 'message');
  return Number(ns);
}
