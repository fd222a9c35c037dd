import type { BreakerContext } from '../../machines/breaker-context.ts';
import type { CallsCountedEvent, OpenedEmit } from '../../machines/breaker-events.ts';
import { isLate } from '../../machines/breaker-guards.ts';
import { OutcomeCounter } from '../../machines/counting/outcome-counter.ts';
import type { OutcomeCounts } from '../../machines/counting/outcome-counts.ts';
import { type WindowCounts, windowOf } from '../../machines/counting/window-counts.ts';
import { type FailureReason, reasonOf } from '../../machines/failure-reason.ts';
import { fleetOf } from '../../machines/fleet-actor.ts';
import { callFailed } from '../../machines/hidden-error.ts';
import { counted, type ErrorJudge, type FailureJudgement } from '../machine/judge-error.ts';
import type { ChartLink } from './chart-link.ts';
import type { Ticket } from './ticket.ts';

/** When a call ended (epoch ms), and how long it took in ms, where that was measured. */
export interface EndTime {
  readonly at: number;
  readonly duration: number | undefined;
}

/**
 * Tells the chart how calls ended. What cannot change the state is held back until it matters, as long as nobody else
 * can look at the actor.
 */
export class OutcomeRecorder {
  readonly #link: ChartLink;
  readonly #errorJudge: ErrorJudge | undefined;
  /** Undefined while others may look at the actor. */
  #held: HeldOutcomes | undefined;

  /**
   * @param errorJudge - Judges errors the way the actor's machine does; undefined where every error counts.
   * @param isObserved - Whether others may look at the actor, so that every outcome has to be sent at once.
   */
  constructor(link: ChartLink, errorJudge: ErrorJudge | undefined, isObserved: boolean) {
    this.#link = link;
    this.#errorJudge = errorJudge;
    this.#held = isObserved ? undefined : new HeldOutcomes();
  }

  /** Follows the chart into another state; see `HeldOutcomes.follow`. */
  follow(context: BreakerContext, isCounting: boolean): void {
    // What a fleet has opened was opened without what is held.
    if (context.fleet?.isImposed && this.#held?.generation === context.generation - 1) this.handOver();
    this.#held?.follow(context, isCounting);
  }

  /** What had been counted when a fleet opened the circuit, with what is held; undefined where the chart knows it all. */
  countsOfOpening({ by, at, generation }: OpenedEmit): WindowCounts | undefined {
    return by === 'fleet' && this.#held?.generation === generation - 1 ? this.#held.windowAt(at) : undefined;
  }

  /** Hands over what is held, before an event that freezes or forgets it. */
  handOver(): void {
    const event = this.#held?.handOver(this.#link.clock.now());
    if (event) this.#link.send(event);
  }

  /** Hands over what is held; from now on every outcome is sent at once. */
  expose(): void {
    this.handOver();
    this.#held = undefined;
  }

  /** What has been counted in the present generation, with what is held. */
  countsIn(context: BreakerContext): OutcomeCounts {
    return this.#heldIn(context)?.counts ?? context;
  }

  /** The same, without the instants of failures, at a constant cost. */
  talliesIn(context: BreakerContext): OutcomeCounts {
    return this.#heldIn(context)?.tallies ?? context;
  }

  /** Records a success that was not slow. */
  succeed(ticket: Ticket): void {
    const held = this.#held;
    if (held === undefined || ticket.trial !== undefined)
      this.#link.send({ type: 'call.succeeded', ...endOf(ticket, this.#link.clock.now()) });
    else if (ticket.generation === held.generation) held.addSuccess(held.datesSuccesses ? this.#link.clock.now() : 0);
  }

  /**
   * Records a success that took too long, which is a failure.
   *
   * @param blamed - The error to blame if it opens the circuit.
   */
  succeedSlowly(ticket: Ticket, { at, duration }: EndTime, blamed: unknown): void {
    if (this.#holds(ticket, at, true, counted)) return;
    this.handOver();
    this.#link.send({ type: 'call.succeeded', ...endOf(ticket, at), duration }, blamed);
  }

  /**
   * Records a failure.
   *
   * @param known - What it means, where that is known; otherwise the error is judged first.
   * @returns What it means.
   */
  fail(ticket: Ticket, error: unknown, end: EndTime, isSlow: boolean, known?: FailureJudgement): FailureJudgement {
    if (this.#held === undefined && known === undefined) return this.#sendError(ticket, error, end);
    const judgement = known ?? this.#judge(error);
    if (judgement.counts) {
      if (!this.#holds(ticket, end.at, isSlow, judgement)) this.#sendFailure(ticket, error, end, judgement);
    } else if (ticket.trial !== undefined) this.#link.send({ type: 'call.ignored', ...endOf(ticket, end.at) });
    return judgement;
  }

  /** Records an end without a verdict. */
  release(ticket: Ticket, end: 'ignored' | 'cancelled'): void {
    if (this.#held === undefined || ticket.trial !== undefined)
      this.#link.send({ type: `call.${end}`, ...endOf(ticket, this.#link.clock.now()) });
  }

  /** Sends a failure that is known to count, after what is held. */
  #sendFailure(ticket: Ticket, error: unknown, { at, duration }: EndTime, judgement: FailureJudgement): void {
    const { openFor, opensAtOnce, kind } = judgement;
    const timing = duration === undefined ? undefined : { duration };
    const wish = openFor === undefined && !opensAtOnce ? undefined : { openFor, openNow: opensAtOnce };
    const reason = this.#reasonFor(error, kind);
    this.handOver();
    this.#link.send({ type: 'call.failed', ...endOf(ticket, at), ...timing, ...wish, ...reason }, error);
  }

  /** Holds a failure that cannot change the state yet, or that is too late to change it. */
  #holds(ticket: Ticket, at: number, isSlow: boolean, { openFor, opensAtOnce }: FailureJudgement): boolean {
    const held = this.#held;
    if (held === undefined || ticket.trial !== undefined) return false;
    // One that is late can still know of a longer wait.
    if (ticket.generation !== held.generation) return openFor === undefined;
    return !opensAtOnce && !held.addFailure(at, isSlow);
  }

  #judge(error: unknown): FailureJudgement {
    return this.#errorJudge?.judge(error) ?? counted;
  }

  /** What may leave the process of an error, where there is a fleet to be told of it. */
  #reasonFor(error: unknown, kind: string | undefined): { readonly reason: FailureReason } | undefined {
    if (fleetOf(this.#link.actor) === undefined) return undefined;
    return { reason: reasonOf(error, kind) };
  }

  #heldIn({ generation }: BreakerContext): HeldOutcomes | undefined {
    return this.#held?.generation === generation ? this.#held : undefined;
  }

  /** Lets the chart judge an error, and reads from what it did whether the error counts. */
  #sendError({ generation, trial }: Ticket, error: unknown, { at, duration }: EndTime): FailureJudgement {
    const kind = fleetOf(this.#link.actor) && this.#errorJudge?.classify(error)?.kind;
    const event = callFailed(error, { at, generation, trial, duration, ...this.#reasonFor(error, kind) });
    const before = this.#link.snapshot.context;
    const isUnheard = this.#link.isSending || !this.#link.isActive;
    this.#errorJudge?.takeLatest();
    this.#link.send(event, error);
    // The chart does not judge what comes too late or after its end, and not yet what comes amid another event.
    if (isUnheard || isLate({ context: before, event })) return this.#judge(error);
    return { ...this.#errorJudge?.takeLatest(), counts: hasCounted(trial, before, this.#link.snapshot.context) };
  }
}

/** Tells from what a failure has changed whether it counts. */
function hasCounted(trial: Ticket['trial'], before: BreakerContext, after: BreakerContext): boolean {
  if (trial === undefined) return after !== before;
  return after.generation !== before.generation || after.outage.trialFailures !== before.outage.trialFailures;
}

function endOf({ generation, trial }: Ticket, at: number) {
  return { at, generation, trial };
}

/**
 * The outcomes of a closed circuit that have not been sent to the chart yet, because they cannot change its state. They
 * are counted by the chart's own counter, at a constant cost per outcome, and handed over as what they add up to.
 */
class HeldOutcomes {
  /** The closed generation that is counted for; -1 while the circuit is not closed. */
  generation = -1;
  /** Whether `addSuccess` needs a date. */
  datesSuccesses = false;
  #counter: OutcomeCounter | undefined;
  #isAhead = false;

  /**
   * Follows the chart into another generation, and drops what was held for an earlier one.
   *
   * @param isCounting - Whether the outcomes of this generation are counted here, because calls need no slot.
   */
  follow(context: BreakerContext, isCounting: boolean): void {
    const counted = isCounting ? context.generation : -1;
    if (counted === this.generation) return;
    this.generation = counted;
    this.#isAhead = false;
    this.#counter = isCounting ? new OutcomeCounter(context, context.settings) : undefined;
    this.datesSuccesses = this.#counter?.datesSuccesses ?? false;
  }

  /** Holds a success that came at `at` (epoch ms; of no matter unless `datesSuccesses`). */
  addSuccess(at: number): void {
    this.#isAhead = true;
    this.#counter?.addSuccesses(at, 1);
  }

  /**
   * Holds a failure, unless it opens the circuit.
   *
   * @param at - When it happened, epoch ms.
   * @returns Whether it opens the circuit, so that it has to be sent, after what is held.
   */
  addFailure(at: number, isSlow: boolean): boolean {
    const counter = this.#counter;
    if (counter === undefined) return false;
    if (counter.opensWithFailure(at)) return true;
    this.#isAhead = true;
    counter.addFailures(at, isSlow, 1);
    return false;
  }

  /** Everything counted in this generation; undefined while the circuit is not closed. */
  get counts(): OutcomeCounts | undefined {
    return this.#counter?.toCounts();
  }

  /** What the window holds at an instant (epoch ms); undefined where all of that has been handed over. */
  windowAt(at: number): WindowCounts | undefined {
    return this.#isAhead && this.#counter ? windowOf(this.#counter, at) : undefined;
  }

  /** The same, without the instants of failures, at a constant cost. */
  get tallies(): OutcomeCounts | undefined {
    return this.#counter?.toTallies();
  }

  /** What is held, as the event that brings the chart to the same counts; nothing is held afterwards. */
  handOver(at: number): CallsCountedEvent | undefined {
    if (!this.#isAhead) return undefined;
    this.#isAhead = false;
    const { generation, counts } = this;
    return { type: 'calls.counted', at, generation, counts };
  }
}
