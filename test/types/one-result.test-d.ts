import { createBreaker, failover, failoverStream } from 'agent-circuit-breaker';
import { describe, expectTypeOf, it } from 'vitest';

const breaker = createBreaker();
const candidates = [{ name: 'a', breaker }];

/** A stream of an SDK. */
interface Chunks extends AsyncIterable<string> {
  readonly controller: AbortController;
}
/** A page of a list, as the clients of OpenAI, Anthropic and Google give it. */
interface Page extends AsyncIterable<number> {
  readonly data: readonly number[];
  hasNextPage(): boolean;
}
declare const chunks: Chunks;
declare const page: Page;
declare const pages: Promise<Page> & AsyncIterable<number>;
declare const anything: ReturnType<typeof JSON.parse>;
declare const unknownValue: unknown;
declare const response: Response;

describe('the type of a function that run and failover call', () => {
  it('refuses one that gives a stream, which is for stream and failoverStream', () => {
    // @ts-expect-error
    breaker.run(() => chunks);
    // @ts-expect-error
    breaker.run(async () => chunks);
    // @ts-expect-error
    breaker.run(async function* () {
      yield 1;
    });
    // @ts-expect-error
    breaker.run(() => response.body);
    // @ts-expect-error
    failover(candidates, async () => chunks);
    // @ts-expect-error
    failover(candidates, (_candidate, { signal }) => (signal.aborted ? chunks : chunks));
  });

  it('takes whatever is over when it is returned', () => {
    expectTypeOf(breaker.run(() => page)).toEqualTypeOf<Promise<Page>>();
    expectTypeOf(breaker.run(() => pages)).toEqualTypeOf<Promise<Page>>();
    expectTypeOf(breaker.run(() => anything)).resolves.toBeAny();
    expectTypeOf(breaker.run(() => unknownValue)).toEqualTypeOf<Promise<unknown>>();
    expectTypeOf(breaker.run(async ({ signal }) => signal.aborted)).toEqualTypeOf<Promise<boolean>>();
    expectTypeOf(breaker.run(() => undefined)).toEqualTypeOf<Promise<undefined>>();
    expectTypeOf(breaker.run(async () => {})).toEqualTypeOf<Promise<void>>();
    expectTypeOf(breaker.run(async () => response)).toEqualTypeOf<Promise<Response>>();
    expectTypeOf(breaker.run(() => [1, 2])).toEqualTypeOf<Promise<number[]>>();
    expectTypeOf(failover(candidates, () => page)).toEqualTypeOf<Promise<Page>>();
    expectTypeOf(failover(candidates, ({ name }, { signal }) => `${name} ${signal.aborted}`)).toEqualTypeOf<
      Promise<string>
    >();
    breaker.run(() => {
      throw new Error('never');
    });
  });

  it('takes what is only known by a type parameter', () => {
    const plain = <T>(fn: () => T) => breaker.run(fn);
    const within = <T>(fn: (signal: AbortSignal) => Promise<T>): Promise<T> => breaker.run(({ signal }) => fn(signal));
    const among = <T extends object>(fn: () => Promise<T>): Promise<Awaited<T>> => failover(candidates, fn);
    expectTypeOf(plain(() => 1)).toEqualTypeOf<Promise<number>>();
    expectTypeOf(within(async () => 'a')).toEqualTypeOf<Promise<string>>();
    expectTypeOf(among(async () => ({ a: 1 }))).toEqualTypeOf<Promise<{ a: number }>>();
  });
});

describe('the type of failoverStream', () => {
  it('is that of the items, which the options know, too', () => {
    const stream = failoverStream(candidates, ({ name }) => (name === 'a' ? chunks : chunks), {
      isComplete: (chunk) => chunk === 'END',
      isContent: (chunk) => chunk.length > 0,
      onRestart: ({ from, to }) => expectTypeOf([from.name, to.name]).toEqualTypeOf<string[]>(),
      onServed: ({ candidate, left }) => expectTypeOf([candidate, left[0]?.candidate]).not.toBeAny(),
      switchOn: (_error, { kind, counts, from }) => counts && kind !== from.name,
    });
    expectTypeOf(stream.next()).toEqualTypeOf<Promise<IteratorResult<string, undefined>>>();
  });

  it('takes streams of the platform, and promises of streams', () => {
    failoverStream([breaker], async () => new ReadableStream<number>());
    failoverStream([breaker], async (candidate) => (candidate === breaker ? chunks : chunks));
    // @ts-expect-error
    failoverStream(candidates, async () => 'text');
  });
});
