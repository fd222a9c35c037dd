import type { Circuit } from '../circuit/circuit.ts';
import type { Ticket } from '../circuit/ticket.ts';

/** As many calls as pay for one failure that is not thrown on, measured. */
const callsAfterFailure = 16;

/** What is done when a promise settles, for the calls of one ticket. */
interface Handlers {
  readonly ticket: Ticket;
  readonly onFulfilled: <T>(value: T) => T;
  readonly onRejected: (error: unknown) => never;
  readonly recordFailure: (error: unknown) => void;
}

/**
 * Follows the promises of calls, and tells the circuit how they settle. The handlers are made once per ticket, which the
 * calls of a closed circuit share: such a call makes no closure.
 */
export class PromiseFollower {
  readonly #circuit: Circuit;
  #handlers: Handlers | undefined;
  /** Of how many calls to come one will probably fail, since one has failed lately. */
  #callsAtRisk = 0;

  constructor(circuit: Circuit) {
    this.#circuit = circuit;
  }

  /**
   * Accounts a call once its result is known; the promise settles the same way after that.
   *
   * A handler that throws costs a failing call much, a second promise costs every call a little. So calls are followed
   * by two promises for a while after a failure.
   */
  follow<R>(ticket: Ticket, result: R): Promise<Awaited<R>> {
    let handlers = this.#handlers;
    if (handlers?.ticket !== ticket) {
      handlers = this.#handlersFor(ticket);
      this.#handlers = handlers;
    }
    const promise = Promise.resolve(result);
    // A promise with a `then` of its own may do anything when that is called again.
    if (this.#callsAtRisk === 0 || promise.then !== Promise.prototype.then)
      return promise.then(handlers.onFulfilled, handlers.onRejected);
    promise.then(undefined, handlers.recordFailure);
    return promise.then(handlers.onFulfilled);
  }

  /** Accounts a call that threw at once. */
  abandon(ticket: Ticket, error: unknown): Promise<never> {
    this.#fail(ticket, error);
    return Promise.reject(error);
  }

  #handlersFor(ticket: Ticket): Handlers {
    return {
      ticket,
      onFulfilled: (value) => {
        if (this.#callsAtRisk > 0) this.#callsAtRisk--;
        this.#circuit.complete(ticket, value);
        return value;
      },
      onRejected: (error) => {
        this.#fail(ticket, error);
        throw error;
      },
      recordFailure: (error) => this.#fail(ticket, error),
    };
  }

  #fail(ticket: Ticket, error: unknown): void {
    this.#callsAtRisk = callsAfterFailure;
    this.#circuit.fail(ticket, error);
  }
}
