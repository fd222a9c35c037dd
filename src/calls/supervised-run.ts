import { CallTimeoutError } from '../errors/call-timeout-error.ts';
import { abortsAfterRun } from './aborts-after-run.ts';
import type { CallHandle } from './call-handle.ts';
import { callerAborts } from './caller-aborts.ts';

/** What a function given to `run` receives. */
export interface RunContext {
  /** Aborted when the caller gives up or the deadline passes; hand it to the operation. */
  readonly signal: AbortSignal;
}

/** The two ends that a supervised call can come to from outside. */
export interface Supervision {
  /** The caller's own signal. */
  readonly signal: AbortSignal | undefined;
  /** The deadline in milliseconds. */
  readonly timeoutMs: number | undefined;
}

/**
 * Makes an admitted call that its caller can abort and that has a deadline. Whichever comes first settles it: the
 * result, the abort (neutral) or the deadline (a failure). What comes later is dropped.
 *
 * A result that is read after it has been returned, such as a Response, can still be aborted by the caller then.
 */
export function superviseRun<R>(
  fn: (context: RunContext) => R,
  call: CallHandle,
  supervision: Supervision,
): Promise<Awaited<R>> {
  return new Promise((resolve, reject) => new SupervisedRun<R>(call, supervision, { resolve, reject }).start(fn));
}

/** Makes its signal when that is first read. */
class LazyContext implements RunContext {
  declare readonly signal: AbortSignal;
  readonly #read: () => AbortSignal;

  constructor(read: () => AbortSignal) {
    this.#read = read;
    // A property of its own, since options are spread; one descriptor for all, since making one takes longer.
    Object.defineProperty(this, 'signal', signalProperty);
  }

  static read(context: LazyContext): AbortSignal {
    return context.#read();
  }
}

const signalProperty = {
  enumerable: true,
  configurable: true,
  get(this: LazyContext): AbortSignal {
    return LazyContext.read(this);
  },
};

/** The functions that settle a promise, as the platform has made them. */
interface Settling<T> {
  readonly resolve: (result: T) => void;
  readonly reject: (reason: unknown) => void;
}

class SupervisedRun<R> {
  readonly #call: CallHandle;
  readonly #supervision: Supervision;
  /** Of the promise that the caller is given. */
  readonly #settling: Settling<Awaited<R>>;
  #isSettled = false;
  #timer: unknown;
  #unwatch: (() => void) | undefined;
  /** Made when it is first asked for. */
  #controller: AbortController | undefined;
  /** What the call was given up for. */
  #ended: { readonly reason: unknown } | undefined;

  constructor(call: CallHandle, supervision: Supervision, settling: Settling<Awaited<R>>) {
    this.#call = call;
    this.#supervision = supervision;
    this.#settling = settling;
  }

  start(fn: (context: RunContext) => R): void {
    const { signal } = this.#supervision;
    // A callback that ran at admission may have aborted it.
    if (signal?.aborted) this.#abort(signal.reason);
    else this.#make(fn);
  }

  #make(fn: (context: RunContext) => R): void {
    const { signal, timeoutMs } = this.#supervision;
    try {
      this.#unwatch = signal && callerAborts.add(signal, (reason) => this.#abort(reason));
      if (timeoutMs !== undefined) this.#timer = this.#call.clock.setTimeout(() => this.#timeOut(timeoutMs), timeoutMs);
      // These functions themselves, since the stack of an error shows who awaits a promise only through them.
      const { resolve, reject } = this.#settling;
      Promise.resolve(fn(new LazyContext(() => this.#ownSignal())))
        .then(
          (result) => this.#succeed(result),
          (error: unknown) => this.#fail(error),
        )
        .then(resolve, reject);
    } catch (error) {
      this.#endBy(error);
      this.#settling.reject(error);
    }
  }

  #ownSignal(): AbortSignal {
    if (this.#controller === undefined) {
      this.#controller = new AbortController();
      if (this.#ended) this.#controller.abort(this.#ended.reason);
    }
    return this.#controller.signal;
  }

  #succeed(result: Awaited<R>): Awaited<R> {
    if (this.#isSettled) return result;
    const { signal } = this.#supervision;
    // Before anybody hears of the success, and may abort it.
    if (signal && this.#controller) abortsAfterRun.add(signal, this.#controller, result);
    try {
      this.#letGo();
    } finally {
      this.#call.succeed(result);
    }
    return result;
  }

  #fail(error: unknown): never {
    this.#endBy(error);
    throw error;
  }

  #endBy(error: unknown): void {
    if (this.#isSettled) return;
    try {
      this.#letGo();
    } finally {
      this.#call.fail(error);
    }
  }

  #abort(reason: unknown): void {
    this.#giveUp(reason, () => this.#call.abort(reason));
  }

  #timeOut(timeoutMs: number): void {
    const error = new CallTimeoutError(this.#call.name, timeoutMs);
    this.#giveUp(error, () => this.#call.timeOut(error));
  }

  #giveUp(reason: unknown, account: () => void): void {
    if (this.#isSettled) return;
    try {
      this.#letGo();
    } finally {
      account();
      this.#settling.reject(reason);
      this.#ended = { reason };
      this.#controller?.abort(reason);
    }
  }

  #letGo(): void {
    this.#isSettled = true;
    this.#unwatch?.();
    if (this.#timer !== undefined) this.#call.clock.clearTimeout(this.#timer);
  }
}
