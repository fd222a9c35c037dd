import type { BreakerCommandEvent } from '../../machines/breaker-events.ts';
import type { CommandOrder } from '../../machines/change-cause.ts';
import type { ChartLink } from './chart-link.ts';
import { holdOpen, type IsolationHold } from './isolation.ts';
import type { OutcomeRecorder } from './outcome-recorder.ts';

/** Who gives an order, and why; for one that opens the circuit also how long it waits, in ms. */
export interface Order extends CommandOrder {
  readonly openFor?: number | undefined;
}

/** Gives a circuit its orders by hand. */
export class Orders {
  readonly #link: ChartLink;
  readonly #recorder: OutcomeRecorder;

  constructor(link: ChartLink, recorder: OutcomeRecorder) {
    this.#link = link;
    this.#recorder = recorder;
  }

  /** Gives an order; a stopped circuit takes none. */
  give(type: BreakerCommandEvent['type'], { openFor, ...order }: Order): void {
    const at = this.#prepare();
    this.#link.send({ type, at, order, ...(openFor !== undefined && { openFor }) });
    this.#link.announce();
  }

  /** Holds the circuit open by hand; see `holdOpen`. */
  isolate(order: CommandOrder): IsolationHold {
    this.#prepare();
    const hold = holdOpen(this.#link, order, (release) => this.#letGo(release));
    this.#link.announce();
    return hold;
  }

  /** Brings the chart up to date; returns the present, epoch ms. */
  #prepare(): number {
    const at = this.#link.clock.now();
    this.#link.passTime(at);
    // An order may freeze what has been counted, or forget it.
    this.#recorder.handOver();
    return at;
  }

  /** A hold outlives the facade through which it was taken. */
  #letGo(order: CommandOrder): void {
    if (this.#link.isDetached) this.#link.sendAfterAll({ type: 'breaker.release', at: this.#link.clock.now(), order });
    else this.give('breaker.release', order);
  }
}
