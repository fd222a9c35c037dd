import { getEventListeners } from 'node:events';
import { createServer } from 'node:http';
import { setImmediate, setTimeout } from 'node:timers/promises';
import { createBreaker, type RunContext } from 'agent-circuit-breaker';
import OpenAI from 'openai';
import { startProvider } from '../../../examples/provider/index.ts';

/** Lets go of what is not in use, and of what was only kept for that. */
async function collect(): Promise<number> {
  for (let round = 0; round < 5; round++) {
    await setTimeout(1);
    globalThis.gc?.();
  }
  return process.memoryUsage().heapUsed;
}

const listenersOn = (signal: AbortSignal) => getEventListeners(signal, 'abort').length;

const breaker = createBreaker();

/** A server whose answers end, but for those of `/endless`. */
async function startServer() {
  const server = createServer(({ url }, response) => {
    response.writeHead(200).write('begun');
    if (url !== '/endless') response.end();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  const stop = () => {
    server.closeAllConnections();
    server.close();
  };
  return { url: `http://127.0.0.1:${port}`, stop };
}

/** What is left of many calls with one signal whose results could be read: listeners, and bytes of the heap. */
async function leftBy(calls: number, signal: AbortSignal, read: (context: RunContext) => Promise<Response>) {
  const act = async () => {
    const response = await breaker.run(read, { signal });
    await response.text();
  };
  for (let call = 0; call < calls / 5; call++) await act();
  const before = await collect();
  for (let call = 0; call < calls; call++) await act();
  const growth = (await collect()) - before;
  return { growth, listeners: listenersOn(signal) };
}

/** How many signals of the kind that the platform keeps while somebody listens are still there after their calls. */
async function keptCompositeSignals(): Promise<number> {
  const lasting = new AbortController();
  const refs: WeakRef<AbortSignal>[] = [];
  const act = async () => {
    const signal = AbortSignal.any([lasting.signal]);
    refs.push(new WeakRef(signal));
    await breaker.run(({ signal: own }) => new Response(own.aborted ? '' : 'text'), { signal });
  };
  for (let call = 0; call < 100; call++) await act();
  await collect();
  return refs.filter((ref) => ref.deref() !== undefined).length;
}

/** Whether an abort still ends what is read when nothing but its reader is left in use. */
async function isEnded(read: (signal: AbortSignal) => Promise<unknown>): Promise<boolean> {
  const controller = new AbortController();
  const reading = read(controller.signal).then(
    () => true,
    () => true,
  );
  await setTimeout(100);
  await collect();
  controller.abort('stop');
  return Promise.race([reading, setTimeout(2000, false)]);
}

/** Where nothing but some part of a result is in use: whether the caller's abort still reaches its operation. */
async function isReached(partOf: (operation: AbortController) => { result: object; part: object }): Promise<boolean> {
  const controller = new AbortController();
  const operation = new AbortController();
  const begin = async () => {
    const { result, part } = partOf(operation);
    await breaker.run(
      ({ signal }): unknown => {
        signal.addEventListener('abort', () => operation.abort());
        return result;
      },
      { signal: controller.signal },
    );
    return part;
  };
  const part = await begin();
  await collect();
  controller.abort('stop');
  return operation.signal.aborted && part !== undefined;
}

const iterable = { [Symbol.asyncIterator]: () => {} };

/** A result, and what its reader keeps of it. */
const parts: Readonly<Record<string, Parameters<typeof isReached>[0]>> = {
  itself: () => {
    const result = { ...iterable };
    return { result, part: result };
  },
  body: () => {
    const body = new ReadableStream();
    return { result: new Response(body), part: body };
  },
  // As the streams of SDKs have one, which their iterators keep.
  controller: (operation) => ({ result: { ...iterable, controller: operation }, part: operation }),
  nothing: () => ({ result: { ...iterable }, part: {} }),
};

async function reachedParts(): Promise<Readonly<Record<string, boolean>>> {
  const reached = Object.entries(parts).map(async ([name, partOf]) => [name, await isReached(partOf)] as const);
  return Object.fromEntries(await Promise.all(reached));
}

/** What is kept of calls with a signal whose results are read after they were returned. */
export async function keptSignals(): Promise<Readonly<Record<string, unknown>>> {
  const server = await startServer();
  const provider = await startProvider({ fault: { kind: 'stall', afterChunks: 2 } });
  const client = new OpenAI({ baseURL: `${provider.baseUrl}/v1`, apiKey: 'none', maxRetries: 0 });
  const askClient = ({ signal }: RunContext): unknown =>
    client.chat.completions.create({ model: 'gpt', stream: true, messages: [] }, { signal });
  const { signal } = new AbortController();
  const result = {
    answers: await leftBy(10_000, signal, async ({ signal: own }) => new Response(own.aborted ? '' : 'text')),
    requests: await leftBy(1000, signal, ({ signal: own }) => fetch(server.url, { signal: own })),
    compositeSignals: await keptCompositeSignals(),
    reached: await reachedParts(),
    isBodyEnded: await isEnded(async (caller) => {
      const ask = ({ signal: own }: RunContext) => fetch(`${server.url}/endless`, { signal: own });
      const reader = (await breaker.run(ask, { signal: caller })).body?.getReader();
      for (;;) if ((await reader?.read())?.done) return;
    }),
    isStreamEnded: await isEnded(async (caller) => {
      for await (const _chunk of iterableOf(await breaker.run(askClient, { signal: caller }))) await setImmediate();
    }),
  };
  await provider.stop();
  server.stop();
  return result;
}

function iterableOf(value: unknown): AsyncIterable<unknown> {
  if (typeof value === 'object' && value !== null && isIterable(value)) return value;
  throw new Error('expected a stream');
}

function isIterable(value: object): value is AsyncIterable<unknown> {
  return Symbol.asyncIterator in value;
}
