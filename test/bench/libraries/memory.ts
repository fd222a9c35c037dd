import { heapBytes } from '../measuring/heap.ts';
import { rotate } from '../measuring/rounds.ts';
import { median } from '../measuring/statistics.ts';
import { timeCalls } from '../measuring/turns.ts';
import { type Figures, judge } from '../row.ts';
import { libraries } from './libraries.ts';
import type { Library, LibraryName } from './library.ts';
import { fail, succeed } from './operations.ts';

/** Memory of one of many breakers. */
export async function measureMemory(count: number, rounds: number): Promise<Figures<LibraryName>> {
  const samples = new Map<LibraryName, number[]>(libraries.map(({ name }) => [name, []]));
  for (let round = 0; round < rounds; round++)
    for (const library of rotate(libraries, round))
      samples.get(library.name)?.push((await populationBytes(library, count)) / count / 1024);
  const values = new Map([...samples].map(([name, sizes]) => [name, [median(sizes)]]));
  const kib = Number(values.get('agent-circuit-breaker')?.[0]);
  return { unit: 'KiB', values, goals: [judge('at most 5 KiB', kib, 5, ' KiB')] };
}

/** What the heap has grown by after many calls of one breaker, of which four in five fail. */
export async function measureHeapGrowth(calls: number): Promise<Figures<LibraryName>> {
  const values = new Map<LibraryName, readonly number[]>();
  // What is compiled on the way stays on the heap; that of the first one is there before it is measured.
  for (const library of libraries.slice(0, 1)) await growthBytes(library, calls);
  for (const library of libraries) values.set(library.name, [(await growthBytes(library, calls)) / 1024]);
  const kib = Number(values.get('agent-circuit-breaker')?.[0]);
  return { unit: 'KiB', values, goals: [judge('flat (at most 64 KiB)', kib, 64, ' KiB')] };
}

async function populationBytes(library: Library, count: number): Promise<number> {
  // The first ones are compiled, which is paid once.
  await library.populate(Math.min(count, 1_000), succeed).then(({ dispose }) => dispose?.());
  const before = await heapBytes();
  const { breakers, dispose } = await library.populate(count, succeed);
  const bytes = (await heapBytes()) - before;
  // Read after measuring, so that none of them can be collected before.
  if (breakers.length !== count) throw new Error(`${library.name} has made ${breakers.length} breakers.`);
  dispose?.();
  return bytes;
}

/** The engine's own housekeeping moves the heap by some 100 KiB now and then, so it is looked at several times. */
async function growthBytes(library: Library, calls: number): Promise<number> {
  let made = 0;
  const { call, dispose } = library.consecutive(() => (made++ % 5 === 0 ? succeed() : fail()));
  const parts = 10;
  const sizes: number[] = [];
  for (let part = 0; part <= parts; part++) {
    await timeCalls(call, calls / parts);
    sizes.push(await heapBytes());
  }
  // Called after measuring, so that the breaker cannot be collected before.
  await timeCalls(call, 1);
  dispose?.();
  return median(sizes.slice(1).map((size, index) => size - Number(sizes[index]))) * parts;
}
