import { type Benchmark, row } from '../benchmark.ts';
import { type Figures, inWords } from '../row.ts';
import type { WindowKind } from './library.ts';

/** What is measured beside other libraries. */
export function libraryBenchmarks(isQuick: boolean): readonly Benchmark[] {
  const effort = isQuick ? { rounds: 2, calls: 200, warmUpMs: 0 } : { rounds: 51, calls: 4_000, warmUpMs: 250 };
  const count = isQuick ? 20 : 10_000;
  const calls = isQuick ? 100 : 1_000_000;
  const keys = isQuick ? [10, 100] : [100, 10_000];
  const windows = windowRow(isQuick);
  return [
    callRow('successful call, closed', async ({ measureSuccess }) => measureSuccess(effort)),
    callRow('rejection, open', async ({ measureRejection }) => measureRejection(effort)),
    callRow('failing call, closed, consecutive', async ({ measureFailure }) => measureFailure(effort)),
    callRow('rate mode, 20 % failing', async ({ measureRate }) => measureRate(effort)),
    windows('rate over time', 'successful'),
    windows('rate over time', 'failing'),
    windows('rate of calls', 'successful'),
    windows('rate of calls', 'failing'),
    windows('failures over time', 'failing'),
    row('libraries', `adding a key to a registry of ${keys.map(inWords).join(' and ')}`, async () => {
      const { measureNewKeys } = await import('./keys.ts');
      return measureNewKeys(keys, isQuick ? 2 : 9);
    }),
    row('libraries', 'memory per breaker', async () => {
      const { measureMemory } = await import('./memory.ts');
      return measureMemory(count, isQuick ? 2 : 5);
    }),
    row('libraries', `growth of the heap over ${inWords(calls)} calls`, async () => {
      const { measureHeapGrowth } = await import('./memory.ts');
      return measureHeapGrowth(calls);
    }),
  ];
}

function callRow(name: string, measure: (calls: typeof import('./calls.ts')) => Promise<Figures>): Benchmark {
  return row('libraries', name, async () => measure(await import('./calls.ts')));
}

function windowRow(isQuick: boolean) {
  const effort = isQuick ? { rounds: 2, calls: 200 } : { rounds: 9, calls: 500 };
  const sizes = isQuick ? [10, 100] : [1_000, 100_000];
  return (window: WindowKind, kind: 'successful' | 'failing') =>
    row('libraries', `${kind} call, ${window}, ${sizes.map(inWords).join(' and ')} calls in the window`, async () => {
      const { measureGrowth } = await import('./windows.ts');
      return measureGrowth(window, kind, sizes, effort);
    });
}
