import type { TrialId } from '../../machines/trials.ts';

/** Where a ticket reports how its call ended. */
export interface TicketOffice {
  /** Of how many calls to come one will probably fail, since one has failed lately. */
  callsAtRisk: number;
  complete(ticket: Ticket, result: unknown): void;
  fail(ticket: Ticket, error: unknown): void;
}

/** As many calls as pay for one failure that is not thrown on, measured. */
const callsAfterFailure = 16;

/** What a call is admitted with; see `Ticket`. */
export type TicketDetails = Pick<Ticket, 'generation' | 'trial' | 'isCounted' | 'startedAt'>;

/**
 * One admission. Calls of the same closed generation share a ticket, since nothing tells them apart; every trial has
 * its own. The handlers for a promise are made once per ticket, so that a call of a closed circuit makes no closure.
 */
export class Ticket {
  /** The generation in which the call was admitted. */
  readonly generation: number;
  /** The trial that the call is; undefined where it is none. */
  readonly trial: TrialId | undefined;
  /** Whether the outcome is counted; not so while the breaker is disabled. */
  readonly isCounted: boolean;
  /** When the call was admitted (epoch ms), where it matters how long it takes. */
  readonly startedAt: number | undefined;
  readonly #office: TicketOffice;
  readonly #onFulfilled: <T>(value: T) => T;
  readonly #onRejected: (error: unknown) => never;
  #recordFailure: ((error: unknown) => void) | undefined;

  constructor(office: TicketOffice, { generation, trial, isCounted, startedAt }: TicketDetails) {
    this.generation = generation;
    this.trial = trial;
    this.isCounted = isCounted;
    this.startedAt = startedAt;
    this.#office = office;
    this.#onFulfilled = (value) => {
      if (office.callsAtRisk > 0) office.callsAtRisk--;
      office.complete(this, value);
      return value;
    };
    this.#onRejected = (error) => {
      this.#fail(error);
      throw error;
    };
  }

  /**
   * Accounts the call once its result is known; the promise settles the same way after that.
   *
   * A handler that throws costs a failing call much, a second promise costs every call a little. So calls are followed
   * by two promises for a while after a failure.
   */
  follow<R>(result: R): Promise<Awaited<R>> {
    const promise = Promise.resolve(result);
    // A promise with a `then` of its own may do anything when that is called again.
    if (this.#office.callsAtRisk === 0 || promise.then !== Promise.prototype.then)
      return promise.then(this.#onFulfilled, this.#onRejected);
    this.#recordFailure ??= (error) => this.#fail(error);
    promise.then(undefined, this.#recordFailure);
    return promise.then(this.#onFulfilled);
  }

  /** Accounts a call that threw at once. */
  abandon(error: unknown): Promise<never> {
    this.#fail(error);
    return Promise.reject(error);
  }

  #fail(error: unknown): void {
    this.#office.callsAtRisk = callsAfterFailure;
    this.#office.fail(this, error);
  }
}
