import { type Effort, rotate } from '../measuring/rounds.ts';
import { median } from '../measuring/statistics.ts';
import { timeCalls } from '../measuring/turns.ts';
import { type Figures, judge } from '../row.ts';
import { libraries } from './libraries.ts';
import type { Library, LibraryName, Operation, WindowKind } from './library.ts';
import { differentOnceIn, fail, succeed } from './operations.ts';

/** Calls through a circuit with a window, when there are few and when there are many calls in it. */
export async function measureGrowth(
  window: WindowKind,
  kind: 'successful' | 'failing',
  sizes: readonly number[],
  effort: Omit<Effort, 'warmUpMs'>,
): Promise<Figures<LibraryName>> {
  const samples = new Map<LibraryName, number[][]>();
  for (let round = 0; round < effort.rounds; round++)
    for (const library of rotate(libraries, round))
      for (const [index, size] of sizes.entries()) {
        const overhead = await sampleWindow(library, window, kind === 'failing', size, effort.calls);
        const ofLibrary = samples.get(library.name) ?? sizes.map(() => []);
        if (overhead !== undefined) samples.set(library.name, ofLibrary);
        if (overhead !== undefined) ofLibrary[index]?.push(overhead);
      }
  const values = new Map([...samples].map(([name, ofSizes]) => [name, ofSizes.map(median)]));
  const [before = Number.NaN, after = Number.NaN] = values.get('agent-circuit-breaker') ?? [];
  return { unit: 'ns', values, goals: [judge('flat (at most 1.5 x)', after / before, 1.5)] };
}

/** Fills a new window and times what comes after; undefined for a library without such a window. */
async function sampleWindow(
  { name, windows }: Library,
  window: WindowKind,
  fails: boolean,
  size: number,
  calls: number,
): Promise<number | undefined> {
  // A window without any success would reach every threshold.
  const mostlyFailing = differentOnceIn(10, succeed, fail);
  // Failures cost opossum more the more there are: a window full of them would take it minutes to fill.
  let isFailing = fails && name !== 'opossum';
  const operation: Operation = () => (isFailing ? mostlyFailing() : succeed());
  const guarded = windows[window]?.(operation, size);
  if (guarded === undefined) return undefined;
  const { call, dispose } = guarded;
  await timeCalls(call, size);
  isFailing = fails;
  const isSlow = (await timeCalls(call, 3)) > 100_000;
  const count = isSlow ? 10 : calls;
  const bareNs = await timeCalls(() => operation(), calls);
  const overhead = (await timeCalls(call, count)) - bareNs;
  dispose?.();
  return overhead;
}
