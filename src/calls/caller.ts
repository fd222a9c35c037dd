import type { Circuit } from '../circuit/circuit.ts';
import type { Ticket } from '../circuit/ticket.ts';
import type { CircuitBreakerOpenError } from '../errors/circuit-breaker-open-error.ts';
import type { AttachOptions, Fallback, RunOptions, StreamOptions } from '../options/breaker-options.ts';
import { checkRunOptions, checkStreamOptions } from '../options/check-call-options.ts';
import type { StreamSource } from '../platform/stream-source.ts';
import { assertFunction, ignoreRejection, isThenable, notAFunction } from '../platform/user-code.ts';
import { AdmittedCall } from './call-handle.ts';
import { PromiseFollower } from './promise-follower.ts';
import type { StreamStart } from './stream-watch.ts';
import { type RunContext, superviseRun } from './supervised-run.ts';
import { WatchedStream } from './watched-stream.ts';

/** Makes calls past a circuit: the ways in which a call can be made and can end. */
export class Caller {
  readonly circuit: Circuit;
  readonly follower: PromiseFollower;
  readonly #ownActor: { stop(): unknown } | undefined;
  readonly #fallback: Fallback | undefined;
  readonly #timeoutMs: number | undefined;
  #isFallingBack = false;

  /** @param ownActor - The actor that ends with the breaker; undefined where it is somebody else's. */
  constructor(circuit: Circuit, { fallback, timeout }: AttachOptions, ownActor: { stop(): unknown } | undefined) {
    this.circuit = circuit;
    this.#ownActor = ownActor;
    this.#fallback = fallback;
    this.#timeoutMs = timeout;
    this.follower = new PromiseFollower(circuit);
  }

  /** Asks for admission to call something; undefined for what is no function and where the circuit rejects. */
  admit(fn: unknown): Ticket | undefined {
    return typeof fn === 'function' ? this.circuit.admit() : undefined;
  }

  /** What a call comes to that was not admitted: a TypeError, a rejection, or what the fallback makes of it. */
  decline<R>(fn: unknown, args: readonly unknown[]): Promise<Awaited<R>> {
    return typeof fn === 'function' ? this.#rejected(args, this.#fallback) : Promise.reject(notAFunction(fn));
  }

  /** Makes a call whose outcome is known when it returns. */
  invokeSync<T, A extends unknown[], R>(fn: (this: T, ...args: A) => R, self: T, args: A): R {
    assertFunction(fn);
    const ticket = this.circuit.admit();
    if (ticket === undefined) return this.#fallBack(this.circuit.reject(), args, this.#fallback);
    let result: R;
    try {
      result = fn.apply(self, args);
    } catch (error) {
      this.circuit.fail(ticket, error);
      throw error;
    }
    if (isThenable(result)) {
      this.circuit.release(ticket, 'ignored');
      ignoreRejection(result);
      throw new TypeError('callSync was given a function that returns a promise. Use call for it.');
    }
    this.circuit.complete(ticket, result);
    return result;
  }

  /** The function with the circuit in front of it. */
  around<T, A extends unknown[], R>(fn: (this: T, ...args: A) => R): (this: T, ...args: A) => Promise<Awaited<R>> {
    assertFunction(fn);
    const caller = this;
    return function (this: T, ...args: A) {
      const ticket = caller.admit(fn);
      if (ticket === undefined) return caller.decline(fn, args);
      try {
        return caller.follower.follow(ticket, fn.apply(this, args));
      } catch (error) {
        return caller.follower.abandon(ticket, error);
      }
    };
  }

  /** The synchronous function with the circuit in front of it. */
  aroundSync<T, A extends unknown[], R>(fn: (this: T, ...args: A) => R): (this: T, ...args: A) => R {
    assertFunction(fn);
    const caller = this;
    return function (this: T, ...args: A) {
      return caller.invokeSync(fn, this, args);
    };
  }

  /** Makes a call that can be aborted and has a deadline. */
  run<R>(fn: (context: RunContext) => R, options: RunOptions): Promise<Awaited<R>> {
    try {
      assertFunction(fn);
      checkRunOptions(options);
    } catch (error) {
      return Promise.reject(error);
    }
    const { signal, timeout = this.#timeoutMs, fallback = this.#fallback } = options;
    if (signal?.aborted) return Promise.reject(signal.reason);
    const ticket = this.circuit.admit();
    if (ticket === undefined) return this.#rejected([], fallback);
    const call = new AdmittedCall(this.circuit, ticket);
    return superviseRun(fn, call, { signal, timeoutMs: timeout });
  }

  /** Makes a call that returns a stream, whose outcome is known when the stream ends. */
  stream<T>(
    fn: (context: RunContext) => StreamSource<T> | PromiseLike<StreamSource<T>>,
    options: StreamOptions<T>,
  ): WatchedStream<T> {
    assertFunction(fn);
    checkStreamOptions(options);
    const { circuit } = this;
    const { signal, timeout = this.#timeoutMs, fallback = this.#fallback, isComplete } = options;
    const admit = (): StreamStart<T> => {
      const ticket = circuit.admit();
      if (ticket) return { call: new AdmittedCall(circuit, ticket), start: (own) => fn({ signal: own }) };
      const substitute: StreamSource<T> = this.#fallBack(circuit.reject(), [], fallback);
      return { call: undefined, start: () => substitute };
    };
    return new WatchedStream(admit, {
      ...{ name: circuit.link.name, clock: circuit.link.clock, signal },
      ...{ firstItemTimeoutMs: options.firstItemTimeout, idleTimeoutMs: options.idleTimeout, timeoutMs: timeout },
      isComplete: isComplete && ((item) => circuit.userCode.ask('isComplete', true, () => isComplete(item))),
    });
  }

  /** Takes a permit; undefined where the circuit rejects. */
  permit(): AdmittedCall | undefined {
    const ticket = this.circuit.admit();
    return ticket && new AdmittedCall(this.circuit, ticket);
  }

  /** Lets go of the actor, and stops it if it is the breaker's own. */
  stop(): void {
    this.circuit.stop();
    this.#ownActor?.stop();
  }

  #rejected<R>(args: readonly unknown[], fallback: Fallback | undefined): Promise<Awaited<R>> {
    const rejection = this.circuit.reject();
    if (fallback === undefined) return rejectSoon(rejection);
    return new Promise((resolve) => resolve(this.#fallBack(rejection, args, fallback)));
  }

  /** A fallback that is rejected itself, because it calls the same breaker, gets the rejection: that would never end. */
  #fallBack<R>(rejection: CircuitBreakerOpenError, args: readonly unknown[], fallback: Fallback | undefined): R {
    if (fallback === undefined || this.#isFallingBack) throw rejection;
    this.#isFallingBack = true;
    try {
      return callFallback(fallback, rejection, args);
    } finally {
      this.#isFallingBack = false;
    }
  }
}

const settled = Promise.resolve();

/**
 * A promise that rejects in the next microtask, when its caller has had the time to handle it. One that is rejected
 * from the start is first tracked as unhandled by the platform, which costs more than the rejection itself.
 */
function rejectSoon(reason: unknown): Promise<never> {
  return new Promise((_resolve, reject) => {
    settled.then(() => reject(reason));
  });
}

/** The result takes the place of the call's, whose type nothing can vouch for here. */
function callFallback<R>(fallback: Fallback, rejection: CircuitBreakerOpenError, args: readonly unknown[]): R;
function callFallback(fallback: Fallback, rejection: CircuitBreakerOpenError, args: readonly unknown[]): unknown {
  return fallback(rejection, ...args);
}
