import type { BreakerContext } from '../machines/breaker-context.ts';
import type { CallsCountedEvent } from '../machines/breaker-events.ts';
import { OutcomeCounter } from '../machines/counting/outcome-counter.ts';
import type { OutcomeCounts } from '../machines/counting/outcome-counts.ts';

/**
 * The outcomes of a closed circuit that have not been sent to the chart yet, because they cannot change its state. They
 * are counted by the chart's own counter, at a constant cost per outcome, and handed over as what they add up to.
 */
export class HeldOutcomes {
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
