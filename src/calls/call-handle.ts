import type { Circuit } from '../circuit/circuit.ts';
import type { Ticket } from '../circuit/ticket.ts';
import { PermitNotSettledError } from '../errors/permit-not-settled-error.ts';
import { counted } from '../machine/judge-error.ts';
import { isTimeout } from '../platform/abort-watch.ts';
import type { BreakerClock } from '../platform/clock.ts';
import type { Permit } from './permit.ts';

/** One admitted call as those see it who make it for somebody: a permit that knows its breaker's name and clock. */
export interface CallHandle extends Permit {
  /** Name of the breaker. */
  readonly name: string;
  /** The breaker's clock, by which the deadlines of the call run. */
  readonly clock: BreakerClock;
  /** The call missed a deadline: a failure that is in `timeouts`, too. */
  timeOut(error: unknown): void;
  /** A signal that governs the call was aborted: by a caller who gave up, which is neutral, or by a deadline. */
  abort(reason: unknown): void;
}

/** A call that a circuit has admitted, told to it once when it is known how it ended. */
export class AdmittedCall implements CallHandle {
  readonly #circuit: Circuit;
  readonly #ticket: Ticket;
  #isSettled = false;

  /** @param circuit - Where the outcome is told. */
  constructor(circuit: Circuit, ticket: Ticket) {
    this.#circuit = circuit;
    this.#ticket = ticket;
  }

  get name(): string {
    return this.#circuit.link.name;
  }

  get clock(): BreakerClock {
    return this.#circuit.link.clock;
  }

  get settled(): boolean {
    return this.#isSettled;
  }

  // Of their own, since they are handed on by themselves: promise.then(permit.succeed, permit.fail).
  readonly succeed = (...results: readonly unknown[]): void => {
    if (!this.#settles()) return;
    // Without a result there is nothing to judge.
    if (results.length === 0) this.#circuit.succeed(this.#ticket);
    else this.#circuit.complete(this.#ticket, results[0]);
  };

  readonly fail = (...errors: readonly unknown[]): void => {
    // Without an error there is nothing to judge.
    if (this.#settles()) this.#circuit.fail(this.#ticket, errors[0], errors.length === 0 ? counted : undefined);
  };

  readonly ignore = (): void => {
    if (this.#settles()) this.#circuit.release(this.#ticket, 'ignored');
  };

  readonly cancel = (): void => {
    if (this.#settles()) this.#circuit.release(this.#ticket, 'cancelled');
  };

  timeOut(error: unknown): void {
    if (this.#settles()) this.#circuit.timeOut(this.#ticket, error);
  }

  abort(reason: unknown): void {
    if (isTimeout(reason)) this.timeOut(reason);
    else this.cancel();
  }

  [Symbol.dispose](): void {
    if (this.#settles()) this.#circuit.fail(this.#ticket, new PermitNotSettledError(this.name), counted);
  }

  /** Only the first ending is told. */
  #settles(): boolean {
    const isFirst = !this.#isSettled;
    this.#isSettled = true;
    return isFirst;
  }
}
