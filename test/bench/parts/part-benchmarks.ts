import { type Benchmark, row } from '../benchmark.ts';
import type { Effort } from '../measuring/rounds.ts';
import { type Figures, inWords } from '../row.ts';

/** What is measured of each way to use a breaker, beside what one writes without it. */
export function partBenchmarks(isQuick: boolean): readonly Benchmark[] {
  return [...callRows(isQuick), ...streamRows(isQuick), ...registryRows(isQuick), ...lifeRows(isQuick)];
}

/**
 * How much is measured, unless it is only to be seen that it works.
 *
 * @param calls - In each turn, at least.
 * @param warmUpMs - More where much code has to be compiled before the figures stay the same.
 * @param rounds - More where single rounds differ much, as those over a network do.
 */
function effortOf(isQuick: boolean, calls: number, warmUpMs = 500, rounds = 21): Effort {
  return isQuick ? { rounds: 2, calls: 100, warmUpMs: 0 } : { rounds, calls, turnMs: 20, warmUpMs };
}

function callRows(isQuick: boolean): readonly Benchmark[] {
  const effort = effortOf(isQuick, 1_000);
  const calls = (name: string, measure: (room: typeof import('./calls.ts')) => Promise<Figures>) =>
    row('parts', name, async () => measure(await import('./calls.ts')));
  const runs = (name: string, measure: (room: typeof import('./run.ts')) => Promise<Figures>) =>
    row('parts', name, async () => measure(await import('./run.ts')));
  return [
    calls('wrap, successful call', ({ measureWrap }) => measureWrap(effort)),
    calls('decorator, successful call', ({ measureDecorator }) => measureDecorator(effort)),
    calls('callSync, successful call', ({ measureCallSync }) => measureCallSync(effort)),
    calls('permit, acquire and succeed', ({ measurePermit }) => measurePermit(effort)),
    runs("run with the caller's lasting signal", ({ measureSignal }) => measureSignal(effort)),
    runs('run with a new signal for each call', ({ measureNewSignals }) => measureNewSignals(effort)),
    runs('run with a deadline', ({ measureDeadline }) => measureDeadline(effort)),
    runs('run with a deadline, its signal unread', ({ measureUnreadDeadline }) => measureUnreadDeadline(effort)),
    runs('run with a lasting signal and a deadline', (room) => room.measureSignalAndDeadline(effort)),
  ];
}

function streamRows(isQuick: boolean): readonly Benchmark[] {
  const streams = (name: string, measure: (room: typeof import('./streams.ts')) => Promise<Figures>) =>
    row('parts', name, async () => measure(await import('./streams.ts')));
  const requests = (name: string, measure: (room: typeof import('./fetch.ts'), programs: URL) => Promise<Figures>) =>
    row('parts', name, async (programs) => measure(await import('./fetch.ts'), programs));
  const items = effortOf(isQuick, 1_000);
  return [
    streams('stream, per item', ({ measureItems }) => measureItems(items)),
    streams('stream with an idleTimeout, per item', ({ measureWatchedItems }) => measureWatchedItems(items)),
    streams('stream of one item', ({ measureShortStreams }) => measureShortStreams(effortOf(isQuick, 500))),
    requests('breakerFetch, one JSON answer', ({ measureAnswers }, programs) =>
      measureAnswers(programs, effortOf(isQuick, 40, 1_000, 61)),
    ),
    requests('breakerFetch, per server-sent event', ({ measureEvents }, programs) =>
      measureEvents(programs, effortOf(isQuick, 300, 1_000, 31)),
    ),
    row('parts', "the AI SDK's middleware, per stream part", async () => {
      const { measureParts } = await import('./ai-sdk.ts');
      return measureParts(effortOf(isQuick, 1_000));
    }),
  ];
}

function registryRows(isQuick: boolean): readonly Benchmark[] {
  const sizes = isQuick ? [10, 100] : [100, 100_000];
  const count = isQuick ? 10 : 1_000;
  // As many calls in every turn: what a hot key costs depends on how often it was got.
  const effort = { ...effortOf(isQuick, 1_000), turnMs: 0 };
  const among = sizes.map(inWords).join(' and ');
  const reads = (name: string, measure: (room: typeof import('./reading.ts')) => Promise<Figures>) =>
    row('parts', name, async () => measure(await import('./reading.ts')));
  return [
    row('parts', `registry.get of one hot key among ${among}`, async () => {
      const { measureHotKey } = await import('./keys.ts');
      return measureHotKey(sizes, effort);
    }),
    row('parts', `registry.get of cold keys among ${among}`, async () => {
      const { measureColdKeys } = await import('./keys.ts');
      return measureColdKeys(sizes, effort);
    }),
    reads('metrics()', ({ measureMetrics }) => measureMetrics(effortOf(isQuick, 1_000))),
    reads('toJSON()', ({ measureSnapshot }) => measureSnapshot(effortOf(isQuick, 1_000))),
    reads(`registry.metrics() of ${inWords(count)}`, ({ measureRegistryMetrics }) =>
      measureRegistryMetrics(count, effortOf(isQuick, 3, 1_000)),
    ),
  ];
}

function lifeRows(isQuick: boolean): readonly Benchmark[] {
  const sizes = isQuick ? [10, 100] : [100, 30_000];
  const [count, rounds, processes] = isQuick ? [20, 2, 1] : [500, 5, 11];
  const makes = (name: string, measure: (room: typeof import('./making.ts')) => Promise<Figures>) =>
    row('parts', name, async () => measure(await import('./making.ts')));
  const outages = effortOf(isQuick, 50, 1_000);
  const errors = effortOf(isQuick, 200, 1_000);
  return [
    makes('making a breaker', (room) => room.measureMaking(room.makePlain, effortOf(isQuick, 200, 1_000))),
    makes('making a breaker with modelCalls()', (room) =>
      room.measureMaking(room.makeForModels, effortOf(isQuick, 20)),
    ),
    makes('memory before the first call', (room) => room.measureNewMemory(room.makePlain, count, rounds)),
    makes('memory before the first call, with modelCalls()', (room) =>
      room.measureNewMemory(room.makeForModels, count, rounds),
    ),
    row('parts', 'an outage: trip, recover, close', async () => (await import('./outage.ts')).measureOutage(outages)),
    row('parts', 'an outage: fail, recover, close', async () =>
      (await import('./outage.ts')).measureOutageByFailure(outages),
    ),
    row('parts', 'classifying a model error, plain 500', async () =>
      (await import('./classifying.ts')).measurePlainError(errors),
    ),
    row('parts', 'classifying a model error, 429 with headers', async () =>
      (await import('./classifying.ts')).measureRateLimit(errors),
    ),
    row(
      'parts',
      `a failure of an observed breaker, ${sizes.map(inWords).join(' and ')} in its failureWindow`,
      async () => {
        const { measureObservedFailures } = await import('./observed.ts');
        return measureObservedFailures(sizes, effortOf(isQuick, 20, 1_000));
      },
    ),
    row('parts', 'import of the main entry, fresh process', async (programs) =>
      (await import('./fresh.ts')).measureImport(programs, processes),
    ),
    row('parts', 'import and first call, fresh process', async (programs) =>
      (await import('./fresh.ts')).measureFirstCall(programs, processes),
    ),
  ];
}
