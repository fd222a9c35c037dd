import type { RunnableConfig } from '@langchain/core/runnables';
import { admitCall } from '../breaker/admit-call.ts';
import type { Breaker } from '../breaker/breaker.ts';
import type { CallHandle } from '../calls/call-handle.ts';
import { settleFailure } from '../calls/settle-failure.ts';
import { watchStream } from '../calls/watch-stream.ts';
import type { BreakerStream } from '../calls/watched-stream.ts';
import { orTrue } from '../platform/or-true.ts';
import type { GuardRunnableOptions } from './guard-runnable-options.ts';
import { isNeutral } from './neutral-errors.ts';

/** What a stream is opened with. */
export interface StreamGuard {
  readonly breaker: Breaker;
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
    const { firstItemTimeout, idleTimeout, isComplete } = options;
    const signal = config?.signal;
    const call = admitCall(breaker, [signal]);
    // Not the caller's signal: the stream is given up by whatever ends it, of which the caller is but one.
    const source = judged(() => open({ ...config, signal: this.#controller.signal }), call, signal);
    const limits = {
      firstItemTimeout,
      idleTimeout,
      isComplete: isComplete && ((chunk: unknown) => orTrue(() => isComplete(chunk))),
    };
    this.#stream = watchStream(source, call, { signal, ...limits });
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
  call: CallHandle,
  signal: AbortSignal | undefined,
): AsyncGenerator<unknown> {
  try {
    yield* await open();
  } catch (error) {
    settleFailure(call, error, [signal], isNeutral);
    throw error;
  }
}
