import type { TrialId } from '../machines/trials.ts';

/** Where a ticket reports how its call ended. */
export interface TicketOffice {
  complete(ticket: Ticket, result: unknown): void;
  fail(ticket: Ticket, error: unknown): void;
}

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
  readonly #office: TicketOffice;
  readonly #onFulfilled: <T>(value: T) => T;
  readonly #onRejected: (error: unknown) => never;

  constructor(office: TicketOffice, generation: number, trial?: TrialId, isCounted = true) {
    this.generation = generation;
    this.trial = trial;
    this.isCounted = isCounted;
    this.#office = office;
    this.#onFulfilled = (value) => {
      office.complete(this, value);
      return value;
    };
    this.#onRejected = (error) => {
      office.fail(this, error);
      throw error;
    };
  }

  /** Accounts the call once its result is known; the promise settles the same way after that. */
  follow<R>(result: R): Promise<Awaited<R>> {
    return Promise.resolve(result).then(this.#onFulfilled, this.#onRejected);
  }

  /** Accounts a call that threw at once. */
  abandon(error: unknown): Promise<never> {
    this.#office.fail(this, error);
    return Promise.reject(error);
  }
}
