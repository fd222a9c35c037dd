import type { BreakerContext } from '../machines/breaker-context.ts';
import type { BreakerEvent } from '../machines/breaker-events.ts';
import { isLate } from '../machines/breaker-guards.ts';
import { callFailed } from '../machines/hidden-error.ts';
import type { ChartLink } from './chart-link.ts';
import { HeldOutcomes } from './held-outcomes.ts';
import type { JudgeError } from './judge-error.ts';
import type { Ticket } from './ticket.ts';

/**
 * Tells the chart how calls ended. What cannot change the state is held back until it matters, as long as nobody else
 * can look at the actor.
 */
export class OutcomeRecorder {
  readonly #link: ChartLink;
  readonly #judgeError: JudgeError | undefined;
  /** Undefined while others may look at the actor. */
  #held: HeldOutcomes | undefined;

  /**
   * @param judgeError - Judges errors the way the actor's machine does; undefined where every error counts.
   * @param isObserved - Whether others may look at the actor, so that every outcome has to be sent at once.
   */
  constructor(link: ChartLink, judgeError: JudgeError | undefined, isObserved: boolean) {
    this.#link = link;
    this.#judgeError = judgeError;
    this.#held = isObserved ? undefined : new HeldOutcomes();
  }

  /** Follows the chart into another state; see `HeldOutcomes.follow`. */
  follow(context: BreakerContext, isCounting: boolean): void {
    this.#held?.follow(context, isCounting);
  }

  /** Hands over what is held; from now on every outcome is sent at once. */
  expose(): void {
    if (this.#held !== undefined) this.#handOver(this.#held, undefined);
    this.#held = undefined;
  }

  /** Failures since the last success, with those that are held. */
  consecutiveFailures(context: BreakerContext): number {
    const held = this.#held;
    return held?.generation === context.generation ? held.consecutiveFailures : context.consecutiveFailures;
  }

  /** Records a success. */
  succeed(ticket: Ticket): void {
    const held = this.#held;
    if (held === undefined || ticket.trial !== undefined)
      this.#link.send({ type: 'call.succeeded', ...this.#endOf(ticket) });
    else if (ticket.generation === held.generation) held.addSuccess();
  }

  /**
   * Records a failure.
   *
   * @param at - When it happened, epoch ms.
   * @param isJudged - Whether it is known to count; otherwise the error is judged first.
   * @returns Whether it counts.
   */
  fail(ticket: Ticket, error: unknown, at: number, isJudged: boolean): boolean {
    const held = this.#held;
    const { generation, trial } = ticket;
    if (held === undefined && !isJudged) return this.#sendError(ticket, error, at);
    const counts = isJudged || (this.#judgeError?.(error) ?? true);
    if (held === undefined || trial !== undefined)
      this.#link.send({ type: counts ? 'call.failed' : 'call.ignored', at, generation, trial }, error);
    else if (counts && generation === held.generation && held.addFailure(at)) this.#handOver(held, error);
    return counts;
  }

  /** Records an end without a verdict. */
  release(ticket: Ticket, end: 'ignored' | 'cancelled'): void {
    if (this.#held === undefined || ticket.trial !== undefined)
      this.#link.send({ type: `call.${end}`, ...this.#endOf(ticket) });
  }

  /** Lets the chart judge an error, and reads from what it did whether the error counts. */
  #sendError({ generation, trial }: Ticket, error: unknown, at: number): boolean {
    const event: BreakerEvent = callFailed(error, { at, generation, trial });
    const before = this.#link.snapshot.context;
    const isUnheard = this.#link.isSending || !this.#link.isActive;
    this.#link.send(event, error);
    // The chart does not judge what comes too late or after its end, and not yet what comes amid another event.
    if (isUnheard || isLate({ context: before, event })) return this.#judgeError?.(error) ?? true;
    const after = this.#link.snapshot.context;
    return trial === undefined ? after !== before : after.generation !== before.generation;
  }

  #handOver(held: HeldOutcomes, blamed: unknown): void {
    for (const event of held.handOver()) this.#link.send(event, blamed);
  }

  #endOf({ generation, trial }: Ticket) {
    return { at: this.#link.clock.now(), generation, trial };
  }
}
