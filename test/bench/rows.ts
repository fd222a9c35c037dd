import { createBreakerRegistry } from 'agent-circuit-breaker';
import { libraries } from './libraries.ts';
import type { GuardedOperation, Library, LibraryName, Operation, WindowKind } from './library.ts';
import { compareOverheads, type Effort, heapBytes, median, rotate, timeCalls } from './measure.ts';

/** What one line of the report tells. */
export interface Row<N extends string = LibraryName> {
  readonly name: string;
  /** Empty for what is counted. */
  readonly unit: 'ns' | 'us' | 'ms' | 'KiB' | '';
  /** What was measured; two numbers where something may grow from the first to the second. */
  readonly values: ReadonlyMap<N, readonly number[]>;
  readonly goals: readonly Goal[];
}

/** A goal and what was reached. */
export interface Goal {
  readonly wanted: string;
  readonly reached: string;
  readonly isMet: boolean;
}

const failure = new Error('down');
const succeed: Operation = async () => 'answer';
const fail: Operation = async () => {
  throw failure;
};

/** A successful call through a closed circuit. */
export async function measureSuccess(effort: Effort): Promise<Row> {
  const values = await compare((library) => library.consecutive(succeed), succeed, effort);
  const goals = [
    ratioGoal(values, 'cockatiel', 0.4),
    ratioGoal(values, 'opossum', 0.1),
    ratioGoal(values, 'hand-written', 1.3),
  ];
  return { name: 'successful call, closed', unit: 'ns', values, goals };
}

/** A call that an open circuit rejects; what is left out is the call that would have succeeded. */
export async function measureRejection(effort: Effort): Promise<Row> {
  const opened = async (library: Library) => {
    const guarded = library.fragile(fail);
    await timeCalls(guarded.call, 1);
    return guarded;
  };
  const values = await compare(opened, succeed, effort);
  const goals = [ratioGoal(values, 'cockatiel', 0.35), ratioGoal(values, 'opossum', 0.35)];
  return { name: 'rejection, open', unit: 'ns', values, goals };
}

/** A call that fails and does not open the circuit. */
export async function measureFailure(effort: Effort): Promise<Row> {
  const values = await compare((library) => library.consecutive(fail), fail, effort);
  return { name: 'failing call, closed, consecutive', unit: 'ns', values, goals: [ratioGoal(values, 'cockatiel', 1)] };
}

/** Calls of which one in five fails, past a circuit that judges the rate of the last 30 s. */
export async function measureRate(effort: Effort): Promise<Row> {
  const mixed = differentOnceIn(5, fail, succeed);
  const values = await compare((library) => library.rated?.(mixed), mixed, effort);
  return { name: 'rate mode, 20 % failing', unit: 'ns', values, goals: [ratioGoal(values, 'cockatiel', 1)] };
}

/** Calls through a circuit with a window, when there are few and when there are many calls in it. */
export async function measureGrowth(
  window: WindowKind,
  kind: 'successful' | 'failing',
  sizes: readonly number[],
  effort: Effort,
) {
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
  const goals = [judge('flat (at most 1.5 x)', after / before, 1.5)];
  const row: Row = {
    name: `${kind} call, ${window}, ${sizes.map(inWords).join(' and ')} calls in the window`,
    unit: 'ns',
    values,
    goals,
  };
  return row;
}

/** Memory of one of many breakers. */
export async function measureMemory(count: number): Promise<Row> {
  const samples = new Map<LibraryName, number[]>(libraries.map(({ name }) => [name, []]));
  for (let round = 0; round < 5; round++)
    for (const library of rotate(libraries, round))
      samples.get(library.name)?.push((await populationBytes(library, count)) / count / 1024);
  const values = new Map([...samples].map(([name, sizes]) => [name, [median(sizes)]]));
  const kib = Number(values.get('agent-circuit-breaker')?.[0]);
  return { name: 'memory per breaker', unit: 'KiB', values, goals: [judge('at most 5 KiB', kib, 5, ' KiB')] };
}

/** Making the breaker of one more key of a registry, when it holds few and when it holds many. */
export function measureRegistry(sizes: readonly number[], effort: Effort): Row {
  const samples = sizes.map((): number[] => []);
  for (let round = 0; round < effort.rounds; round++) {
    const registry = createBreakerRegistry({ failureThreshold: 5 });
    for (const [index, size] of sizes.entries()) {
      while (registry.size < size) registry.get(`key ${registry.size}`);
      const start = performance.now();
      for (let added = 0; added < keysPerSample; added++) registry.get(`key ${registry.size}`);
      samples[index]?.push(((performance.now() - start) * 1e6) / keysPerSample);
    }
    registry.stop();
  }
  const [before = Number.NaN, after = Number.NaN] = samples.map(median);
  return {
    name: `adding a key to a registry of ${sizes.map(inWords).join(' and ')}`,
    unit: 'ns',
    values: new Map([['agent-circuit-breaker', [before, after]]]),
    goals: [judge('at most 2 x', after / before, 2)],
  };
}

const keysPerSample = 50;

/** What the heap has grown by after many calls of one breaker, of which four in five fail. */
export async function measureHeapGrowth(calls: number): Promise<Row> {
  const values = new Map<LibraryName, readonly number[]>();
  for (const library of libraries) values.set(library.name, [(await growthBytes(library, calls)) / 1024]);
  const kib = Number(values.get('agent-circuit-breaker')?.[0]);
  const goals = [judge('flat (at most 64 KiB)', kib, 64, ' KiB')];
  return { name: `growth of the heap over ${inWords(calls)} calls`, unit: 'KiB', values, goals };
}

async function compare(
  prepare: (library: Library) => GuardedOperation | undefined | Promise<GuardedOperation | undefined>,
  bare: Operation,
  effort: Effort,
): Promise<Row['values']> {
  const contestants = [];
  for (const library of libraries) {
    const guarded = await prepare(library);
    if (guarded) contestants.push({ name: library.name, ...guarded });
  }
  const overheads = await compareOverheads(contestants, () => bare(), effort);
  for (const { dispose } of contestants) dispose?.();
  return new Map([...overheads].map(([name, ns]) => [name, [ns]]));
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

/** One call in so many goes another way than the others. */
function differentOnceIn(count: number, seldom: Operation, usual: Operation): Operation {
  let made = 0;
  return () => (made++ % count === 0 ? seldom() : usual());
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
  const parts = 5;
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

function inWords(count: number): string {
  return count.toLocaleString('en');
}

function ratioGoal(values: Row['values'], name: LibraryName, limit: number): Goal {
  const ratio = Number(values.get('agent-circuit-breaker')?.[0]) / Number(values.get(name)?.[0]);
  return judge(`at most ${limit} x ${name}`, ratio, limit);
}

/** Compares what was reached with what was wanted, which is no more than a limit. */
export function judge(wanted: string, reached: number, limit: number, unit = ' x'): Goal {
  return { wanted, reached: `${reached.toFixed(2)}${unit}`, isMet: reached <= limit };
}
