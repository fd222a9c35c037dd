import type { BreakerContext } from '../machines/breaker-context.ts';
import type { BreakerEvent } from '../machines/breaker-events.ts';
import { FailureTimes } from './failure-times.ts';

/**
 * The outcomes of a closed circuit that have not been sent to the chart yet, because they cannot change its state.
 * Counts like the chart does, at a constant cost per outcome, and hands them over as events.
 */
export class HeldOutcomes {
  /** The closed generation that is counted for; -1 while the circuit is not closed. */
  generation = -1;
  /** Failures since the last success, with those that the chart knows of. */
  consecutiveFailures = 0;
  #threshold = 1;
  #window: FailureTimes | undefined;
  #successes = 0;
  /** Of the consecutive failures, those that are held. */
  #failures = 0;
  /** Of the failures in the window, those that are held. */
  #windowFailures = 0;
  #lastFailureAt = 0;

  /**
   * Follows the chart into another generation, and drops what was held for an earlier one.
   *
   * @param isCounting - Whether the outcomes of this generation are counted here, because calls need no slot.
   */
  follow({ settings, consecutiveFailures, failureTimes, generation }: BreakerContext, isCounting: boolean): void {
    const counted = isCounting ? generation : -1;
    if (counted === this.generation) return;
    this.generation = counted;
    this.consecutiveFailures = consecutiveFailures;
    this.#threshold = settings.failureThreshold;
    this.#successes = 0;
    this.#failures = 0;
    this.#windowFailures = 0;
    if (settings.failureWindowMs === null) return;
    this.#window ??= new FailureTimes(settings.failureWindowMs, settings.failureThreshold);
    this.#window.reset(failureTimes);
  }

  /** Holds a success. */
  addSuccess(): void {
    this.#successes++;
    this.#failures = 0;
    this.consecutiveFailures = 0;
  }

  /**
   * Holds a failure.
   *
   * @param at - When it happened, epoch ms.
   * @returns Whether it opens the circuit, so that everything has to be handed over now.
   */
  addFailure(at: number): boolean {
    this.#failures++;
    this.consecutiveFailures++;
    this.#lastFailureAt = at;
    if (this.#window === undefined) return this.consecutiveFailures >= this.#threshold;
    this.#windowFailures++;
    this.#window.add(at);
    return this.#window.size >= this.#threshold;
  }

  /** What is held, as the events that bring the chart to the same counts; nothing is held afterwards. */
  handOver(): readonly BreakerEvent[] {
    const { generation } = this;
    const events: BreakerEvent[] = [];
    const earlier = this.#windowTimesBeforeSuccess();
    if (earlier.length > 0) events.push(failures(earlier.length, generation, Number(earlier.at(-1)), earlier));
    if (this.#successes > 0)
      events.push({ type: 'call.succeeded', at: this.#lastFailureAt, generation, count: this.#successes });
    if (this.#failures > 0)
      events.push(failures(this.#failures, generation, this.#lastFailureAt, this.#window?.latest(this.#failures)));
    this.#successes = 0;
    this.#failures = 0;
    this.#windowFailures = 0;
    return events;
  }

  #windowTimesBeforeSuccess(): readonly number[] {
    if (this.#window === undefined) return [];
    const held = this.#window.latest(this.#windowFailures);
    return held.slice(0, Math.max(0, held.length - this.#failures));
  }
}

function failures(count: number, generation: number, at: number, times?: readonly number[]): BreakerEvent {
  return { type: 'call.failed', at, generation, count, ...(times && { times }) };
}
