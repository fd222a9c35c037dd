import type { RunnableConfig } from '@langchain/core/runnables';
import type { CircuitBreaker } from '../breaker/circuit-breaker.ts';
import type { Permit } from '../calls/permit.ts';
import { settleFailure } from '../calls/settle-failure.ts';
import { watchStream } from '../calls/watch-stream.ts';
import type { BreakerStream } from '../calls/watched-stream.ts';
import type { GuardRunnableOptions } from './guard-runnable-options.ts';
import { admit } from './guarded-call.ts';
import { isNeutral } from './neutral-errors.ts';

/** What a stream is opened with. */
export interface StreamGuard {
  readonly breaker: CircuitBreaker;
  readonly config: RunnableConfig | undefined;
  readonly options: GuardRunnableOptions;
  readonly open: (config: RunnableConfig) => AsyncIterable<unknown> | PromiseLike<AsyncIterable<unknown>>;
}

/** The output of a runnable whose outcome is known at its end, as the generator that LangChain wants. */
export class GuardedStream implements AsyncGenerator<unknown, undefined, void> {
  readonly #stream: BreakerStream<unknown>;
  readonly #controller = new AbortController();
  #first: IteratorResult<unknown, undefined> | undefined;

  /** @throws CircuitBreakerOpenError when the circuit rejects; the reason of a signal that is aborted already. */
  constructor({ breaker, config, options, open }: StreamGuard) {
    const { firstItemTimeout, idleTimeout, isComplete, clock } = options;
    const signal = config?.signal;
    const permit = admit(breaker, [signal]);
    // Not the caller's signal: the stream is given up by whatever ends it, of which the caller is but one.
    const source = judged(() => open({ ...config, signal: this.#controller.signal }), permit, signal);
    const limits = { firstItemTimeout, idleTimeout, isComplete: isComplete && orTrue(isComplete), clock };
    this.#stream = watchStream(source, permit, { name: breaker.name, signal, ...limits });
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  /** Waits for the first chunk, as `Runnable.stream` does: what fails before it is thrown here. */
  async start(): Promise<this> {
    this.#first = await this.next();
    return this;
  }

  async next(): Promise<IteratorResult<unknown, undefined>> {
    const first = this.#first;
    this.#first = undefined;
    if (first) return first;
    try {
      return await this.#stream.next();
    } catch (error) {
      // A stream that took too long is still under way.
      this.#controller.abort(error);
      throw error;
    }
  }

  async return(): Promise<IteratorResult<unknown, undefined>> {
    const returned = this.#stream.return();
    this.#controller.abort();
    return returned;
  }

  async throw(error: unknown): Promise<IteratorResult<unknown, undefined>> {
    await this.return();
    throw error;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.return();
  }
}

/** The chunks of a stream; what it throws is judged before it is passed on. */
async function* judged(
  open: () => AsyncIterable<unknown> | PromiseLike<AsyncIterable<unknown>>,
  permit: Permit,
  signal: AbortSignal | undefined,
): AsyncGenerator<unknown> {
  try {
    yield* await open();
  } catch (error) {
    settleFailure(permit, error, [signal], isNeutral);
    throw error;
  }
}

/** Asks the user's own code, which must not change what the reader of a stream gets. */
function orTrue(ask: (chunk: unknown) => boolean): (chunk: unknown) => boolean {
  return (chunk) => {
    try {
      return ask(chunk);
    } catch {
      return true;
    }
  };
}
