import type { RunContext } from '../calls/supervised-run.ts';
import type { BreakerStream } from '../calls/watched-stream.ts';
import { checkFailoverStreamOptions } from '../options/check-call-options.ts';
import { iteratorOf, type StreamSource } from '../platform/stream-source.ts';
import { assertFunction, UserCode } from '../platform/user-code.ts';
import { CandidateAnswer } from './candidate-answer.ts';
import { BreakerCircuit, breakerOf, probe, rethrow } from './candidate-breaker.ts';
import { CandidateRound } from './candidate-round.ts';
import type { FailoverCandidate } from './failover-options.ts';
import type { FailoverStreamOptions } from './failover-stream-options.ts';
import { HeldTooMuchError } from './held-size.ts';
import { isStreamContent } from './stream-content.ts';

/** Makes a stream with a candidate. */
type StreamFunction<C, T> = (candidate: C, context: RunContext) => StreamSource<T> | PromiseLike<StreamSource<T>>;

/**
 * Makes a call that returns a stream by the first candidate whose circuit admits it, and by the next one if that fails
 * before its first content, or with `commit: 'end'` before its end. See `failover` for what is failed over, and `stream`
 * for how each candidate is watched. The items of two candidates are never joined, unless `onRestart` is given. A stream
 * without the item that marks its end (`isComplete`) is one that fails, and so is an answer that says nothing where there
 * is another candidate.
 *
 * @param candidates - At least one, in the order of preference.
 * @param fn - Makes the stream with a candidate; receives `{ signal }`, too.
 * @param options - See `FailoverStreamOptions`.
 * @returns An iterator like that of `stream`: nothing happens before the first item is asked for. It throws the last error
 *   of a candidate that was asked, or the `CircuitBreakerOpenError` of the circuit that recovers first; a
 *   `StreamInterruptedError` where a stream ends without its mark after content; a RangeError at `maxHeldBytes`.
 * @throws TypeError if there is no candidate or no function; BreakerOptionsError.
 *
 * @example
 * ```ts
 * const chunks = failoverStream(models, ({ client }, { signal }) => client.stream(prompt, { signal }), {
 *   ...{ firstItemTimeout: 10_000, idleTimeout: 10_000, retries: 2 },
 *   isComplete: (chunk) => chunk.isLast,
 * });
 * for await (const { text } of chunks) process.stdout.write(text);
 * ```
 */
export function failoverStream<C extends FailoverCandidate, T>(
  candidates: readonly C[],
  fn: (candidate: C, context: RunContext) => StreamSource<T> | PromiseLike<StreamSource<T>>,
  options: FailoverStreamOptions<C, T> = {},
): BreakerStream<T> {
  assertFunction(fn);
  checkFailoverStreamOptions(options);
  for (const candidate of candidates) breakerOf(candidate);
  return new FailoverStream(candidates, fn, options);
}

/** A candidate whose answer is committed. */
interface Served<C, T> {
  readonly candidate: C;
  readonly answer: CandidateAnswer<T>;
}

class FailoverStream<C extends FailoverCandidate, T> implements BreakerStream<T> {
  readonly #fn: StreamFunction<C, T>;
  readonly #options: FailoverStreamOptions<C, T>;
  readonly #round: CandidateRound<C>;
  readonly #userCode = new UserCode(undefined);
  /** Ends a wait for a retry when the consumer leaves. */
  readonly #leaving = new AbortController();
  readonly #items: AsyncGenerator<T, undefined>;
  #current: AsyncIterator<T> | undefined;

  constructor(candidates: readonly C[], fn: StreamFunction<C, T>, options: FailoverStreamOptions<C, T>) {
    this.#fn = fn;
    this.#options = options;
    const { signal, switchOn, retries, onSwitch, onServed } = options;
    this.#round = new CandidateRound(candidates, {
      ...{ switchOn, retries, onSwitch, onServed },
      circuitOf: (candidate) => new BreakerCircuit(breakerOf(candidate)),
      signals: [signal, this.#leaving.signal],
      isFinal: (error) => error instanceof HeldTooMuchError,
    });
    this.#items = this.#read();
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  next(): Promise<IteratorResult<T, undefined>> {
    return this.#items.next();
  }

  /** The consumer has had enough. */
  async return(): Promise<IteratorResult<T, undefined>> {
    this.#leaving.abort();
    await this.#current?.return?.();
    return this.#items.return(undefined);
  }

  /** The same as `return()`, for `await using`. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.return();
  }

  async *#read(): AsyncGenerator<T, undefined> {
    try {
      let broken: { readonly from: C; readonly error: unknown } | undefined;
      for (;;) {
        const { candidate, answer } = await this.#serve();
        if (broken) await this.#restart(broken.from, candidate, broken.error);
        try {
          yield* answer.items();
          return undefined;
        } catch (error) {
          if (this.#options.onRestart === undefined || !this.#round.goesOnAfter(error)) throw error;
          await this.#round.leave(error);
          broken = { from: candidate, error };
        }
      }
    } catch (error) {
      if (this.#leaving.signal.aborted) return undefined;
      if (error instanceof HeldTooMuchError) await this.#current?.return?.();
      throw error;
    }
  }

  #serve(): Promise<Served<C, T>> {
    const commit = async (candidate: C, answer: CandidateAnswer<T>) => ({ candidate, answer: await answer.commit() });
    return this.#round.serve<Served<C, T>>(
      (candidate) => commit(candidate, this.#open(candidate)),
      (candidate, rejection) => {
        if (this.#options.allOpen !== 'probeEarliest') throw rejection;
        return probe(breakerOf(candidate), rejection, async () => commit(candidate, await this.#openPast(candidate)));
      },
    );
  }

  #open(candidate: C): CandidateAnswer<T> {
    const { signal, timeout, firstItemTimeout, idleTimeout, isComplete } = this.#options;
    let isWhole = false;
    const mark = (item: T) => {
      // One that throws is true, and is reported by the breaker.
      isWhole = true;
      isWhole = isComplete?.(item) === true;
      return isWhole;
    };
    const stream = breakerOf(candidate).stream((context) => this.#fn(candidate, context), {
      ...{ signal, timeout, firstItemTimeout, idleTimeout, fallback: rethrow },
      isComplete: isComplete && mark,
    });
    return this.#follow(candidate, stream, () => isComplete === undefined || isWhole);
  }

  /** Opens a stream that its circuit does not know of. */
  async #openPast(candidate: C): Promise<CandidateAnswer<T>> {
    const signal = this.#options.signal ?? this.#leaving.signal;
    return this.#follow(candidate, iteratorOf(await this.#fn(candidate, { signal })), () => true);
  }

  #follow(candidate: C, items: AsyncIterator<T>, isWhole: () => boolean): CandidateAnswer<T> {
    const { isContent = isStreamContent, commit, maxHeldBytes } = this.#options;
    this.#current = items;
    return new CandidateAnswer(items, {
      name: breakerOf(candidate).name,
      ...{ isContent, isWhole, maxHeldBytes },
      commitsAtEnd: commit === 'end',
      isRefused: (error) => this.#round.goesOnAfter(error),
    });
  }

  /** Two outputs are joined only where whoever reads them knows. */
  async #restart(from: C, to: C, error: unknown): Promise<void> {
    try {
      await this.#options.onRestart?.({ type: 'failover.restarted', from, to, error });
    } catch (reason) {
      this.#userCode.report(reason, 'onRestart');
      await this.#current?.return?.();
      throw error;
    }
  }
}
