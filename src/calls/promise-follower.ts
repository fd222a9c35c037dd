import type { Circuit } from '../circuit/circuit.ts';
import type { Ticket } from '../circuit/ticket.ts';

/** As many calls as pay for one failure that is not thrown on, measured. */
const callsAfterFailure = 16;

/**
 * Follows the promises of calls, and tells the circuit how they settle. The handlers are made once per ticket, which the
 * calls of a closed circuit share: such a call makes no closure.
 */
export class PromiseFollower {
  readonly #circuit: Circuit;
  /** The ticket that the handlers are of. */
  #ticket: Ticket | undefined;
  #onFulfilled: <T>(value: T) => T = pass;
  #onRejected: ((error: unknown) => never) | undefined;
  /** Made when it is first needed. */
  #recordFailure: ((error: unknown) => void) | undefined;
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
    if (this.#ticket !== ticket) this.#prepare(ticket);
    const promise = Promise.resolve(result);
    // A promise with a `then` of its own may do anything when that is called again.
    if (this.#callsAtRisk === 0 || promise.then !== Promise.prototype.then)
      return promise.then(this.#onFulfilled, this.#onRejected);
    this.#recordFailure ??= (error) => this.#fail(ticket, error);
    promise.then(undefined, this.#recordFailure);
    return promise.then(this.#onFulfilled);
  }

  /** Accounts a call that threw at once. */
  abandon(ticket: Ticket, error: unknown): Promise<never> {
    this.#fail(ticket, error);
    return Promise.reject(error);
  }

  #prepare(ticket: Ticket): void {
    const circuit = this.#circuit;
    this.#ticket = ticket;
    this.#recordFailure = undefined;
    this.#onFulfilled = (value) => {
      if (this.#callsAtRisk > 0) this.#callsAtRisk--;
      circuit.complete(ticket, value);
      return value;
    };
    this.#onRejected = (error) => {
      this.#fail(ticket, error);
      throw error;
    };
  }

  #fail(ticket: Ticket, error: unknown): void {
    this.#callsAtRisk = callsAfterFailure;
    this.#circuit.fail(ticket, error);
  }
}

function pass<T>(value: T): T {
  return value;
}
