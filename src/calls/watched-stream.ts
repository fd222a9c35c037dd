import { CallTimeoutError } from '../errors/call-timeout-error.ts';
import { StreamInterruptedError } from '../errors/stream-interrupted-error.ts';
import { iteratorOf } from '../platform/stream-source.ts';
import type { CallHandle } from './call-handle.ts';
import { callerAborts } from './caller-aborts.ts';
import type { StreamStart, StreamWatch } from './stream-watch.ts';

/** What `stream` returns: an iterator that can be read once, item by item, and given up. */
export interface BreakerStream<T> extends AsyncIterableIterator<T>, AsyncDisposable {
  [Symbol.asyncIterator](): BreakerStream<T>;
  // Said here and not by type arguments of AsyncIterableIterator, of which TypeScript knows one before 5.6.
  next(): Promise<IteratorResult<T, undefined>>;
  return(): Promise<IteratorResult<T, undefined>>;
}

/**
 * A stream whose outcome is known at its end. Nothing happens before the first item is asked for, and no item is read
 * before it is asked for. The clocks of the first item and of idleness run only while an item is being asked for.
 */
export class WatchedStream<T> implements BreakerStream<T> {
  readonly #admit: () => StreamStart<T>;
  readonly #watch: StreamWatch<T>;
  readonly #controller = new AbortController();
  #started: StreamStart<T> | undefined;
  #call: CallHandle | undefined;
  #iterator: AsyncIterator<T> | undefined;
  /** Settles with the last step; steps are taken one after the other. */
  #lastStep: Promise<unknown> = Promise.resolve();
  /** The step that is under way: ends it from outside. */
  #running: RunningStep<T> | undefined;
  /** What ended the stream while no item was asked for; thrown at the next one that is. */
  #missed: { readonly reason: unknown } | undefined;
  #isEnded = false;
  /** Whether the item that marks the end has arrived, or none does. */
  #isWhole: boolean;
  #itemCount = 0;
  #deadline: unknown;
  #unwatch: (() => void) | undefined;

  /** @param admit - Asks for admission, when the first item is asked for; throws the rejection. */
  constructor(admit: () => StreamStart<T>, watch: StreamWatch<T>) {
    this.#admit = admit;
    this.#watch = watch;
    this.#isWhole = watch.isComplete === undefined;
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  /** Asks for admission now, not when the first item is asked for; throws the rejection. */
  begin(): StreamStart<T> {
    const { signal, clock, name, timeoutMs } = this.#watch;
    const started = this.#admit();
    this.#started = started;
    this.#call = started.call;
    if (timeoutMs !== undefined)
      this.#deadline = clock.setTimeout(() => this.#timeOut(new CallTimeoutError(name, timeoutMs)), timeoutMs);
    this.#unwatch = signal && callerAborts.add(signal, () => this.#abort(signal.reason));
    // A callback that ran at admission may have aborted it.
    if (signal?.aborted) this.#abort(signal.reason);
    return started;
  }

  next(): Promise<IteratorResult<T, undefined>> {
    const before = this.#lastStep;
    let onOver = () => {};
    // A promise of its own: who awaits a step has to be its only follower, to be seen in the stack of an error.
    this.#lastStep = new Promise<void>((resolve) => {
      onOver = resolve;
    });
    return before.then(() => this.#step(onOver));
  }

  /** The consumer has had enough: a success if it has had an item, neutral otherwise. Cancels the source. */
  async return(): Promise<IteratorResult<T, undefined>> {
    if (this.#isEnded) return end;
    this.#end(() => (this.#itemCount > 0 ? this.#call?.succeed() : this.#call?.cancel()));
    await this.#cancelSource();
    return end;
  }

  /** The same as `return()`, for `await using`. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.return();
  }

  #step(onOver: () => void): Promise<IteratorResult<T, undefined>> {
    const missed = this.#missed;
    this.#missed = undefined;
    if (missed || this.#isEnded) {
      onOver();
      return missed ? Promise.reject(missed.reason) : Promise.resolve(end);
    }
    return this.#take(onOver);
  }

  #take(onOver: () => void): Promise<IteratorResult<T, undefined>> {
    return new Promise((resolve, reject) => {
      const { clock, name, firstItemTimeoutMs, idleTimeoutMs } = this.#watch;
      const isFirst = this.#itemCount === 0 && firstItemTimeoutMs !== undefined;
      const limitMs = isFirst ? firstItemTimeoutMs : idleTimeoutMs;
      const limit = isFirst ? 'firstItemTimeout' : 'idleTimeout';
      const onLimit = () => this.#timeOut(new CallTimeoutError(name, Number(limitMs), limit));
      const timer = limitMs === undefined ? undefined : this.#arm(onLimit, limitMs, onOver);
      const stop = () => {
        onOver();
        if (timer !== undefined) clock.clearTimeout(timer);
        this.#running = undefined;
      };
      const running: RunningStep<T> = {
        finish: (result) => {
          stop();
          resolve(result);
        },
        fail: (reason) => {
          stop();
          reject(reason);
        },
      };
      this.#running = running;
      // These functions themselves, since the stack of an error shows who awaits a promise only through them.
      const handled = this.#advance().then(
        (result) => {
          stop();
          return result;
        },
        (error: unknown) => {
          stop();
          throw error;
        },
      );
      handled.then(resolve, reject);
    });
  }

  /** A clock that sets no timer, but throws, ends the stream. */
  #arm(onLimit: () => void, limitMs: number, onOver: () => void): unknown {
    try {
      return this.#watch.clock.setTimeout(onLimit, limitMs);
    } catch (error) {
      onOver();
      this.#end(() => this.#call?.fail(error));
      throw error;
    }
  }

  async #advance(): Promise<IteratorResult<T, undefined>> {
    try {
      this.#iterator ??= await this.#open();
      const result = await this.#iterator.next();
      if (this.#isEnded) return end;
      if (result.done) return this.#finish();
      this.#itemCount++;
      this.#isWhole ||= this.#watch.isComplete?.(result.value) === true;
      return result;
    } catch (error) {
      // What comes after the end is of no interest.
      if (this.#isEnded) return end;
      this.#end(() => this.#call?.fail(error));
      throw error;
    }
  }

  async #open(): Promise<AsyncIterator<T>> {
    const { signal } = this.#watch;
    if (signal?.aborted) throw signal.reason;
    const { start } = this.#started ?? this.begin();
    if (this.#isEnded) throw signal?.reason;
    const iterator = iteratorOf(await start(this.#controller.signal));
    // Too late: whoever has given up will not read it.
    if (this.#isEnded) ignore(iterator.return?.());
    return iterator;
  }

  #finish(): IteratorResult<T, undefined> {
    this.#end(() => {
      if (this.#isWhole) this.#call?.succeed();
      else this.#call?.fail(new StreamInterruptedError(this.#watch.name, this.#itemCount));
    });
    return end;
  }

  #abort(reason: unknown): void {
    this.#interrupt(reason, () => this.#call?.abort(reason));
  }

  #timeOut(error: CallTimeoutError): void {
    this.#interrupt(error, () => this.#call?.timeOut(error));
  }

  /** Ends the stream from outside, at once, whatever its source is doing. */
  #interrupt(reason: unknown, account: () => void): void {
    if (this.#isEnded) return;
    this.#end(account);
    if (this.#running) this.#running.fail(reason);
    else this.#missed = { reason };
    this.#controller.abort(reason);
    ignore(this.#giveUp());
  }

  #end(account: () => void): void {
    if (this.#isEnded) return;
    this.#isEnded = true;
    try {
      this.#unwatch?.();
      if (this.#deadline !== undefined) this.#watch.clock.clearTimeout(this.#deadline);
    } finally {
      account();
    }
  }

  #giveUp(): PromiseLike<unknown> | undefined {
    if (this.#iterator) return this.#iterator.return?.();
    return this.#running ? undefined : this.#started?.discard?.();
  }

  /** A source that is busy, or that cannot be told, is told by its signal. */
  async #cancelSource(): Promise<void> {
    const returned = this.#giveUp();
    if (this.#running) this.#controller.abort();
    this.#running?.finish(end);
    try {
      await returned;
    } finally {
      this.#controller.abort();
    }
  }
}

/** How a step can end. */
interface RunningStep<T> {
  finish(result: IteratorResult<T, undefined>): void;
  fail(reason: unknown): void;
}

const end: IteratorResult<never, undefined> = { done: true, value: undefined };

function ignore(promise: PromiseLike<unknown> | undefined): void {
  if (promise) Promise.resolve(promise).catch(() => {});
}
