import { Announcer } from './announcer.ts';
import type { ChartLink } from './chart-link.ts';
import type { CallEvent, Listeners, RejectEvent, SettleEvent } from './listeners.ts';
import type { Ticket } from './ticket.ts';

/** What is known of a call's end beside its outcome. */
export interface EndDetails {
  readonly kind?: string | undefined;
  readonly isSlow?: boolean | undefined;
  readonly isTimeout?: boolean | undefined;
}

const noDetails: EndDetails = {};

/** Has the listeners told of calls. An event is built only where somebody listens. */
export class CallTeller {
  readonly #link: ChartLink;
  readonly #listeners: Listeners;
  /** Tells everything in its order, the changes of state included. */
  readonly announcer: Announcer;

  constructor(link: ChartLink, listeners: Listeners) {
    this.#link = link;
    this.#listeners = listeners;
    this.announcer = new Announcer(listeners);
  }

  /** The place in the order of events of what happens next. */
  get place(): number {
    return this.announcer.place;
  }

  /** A call was not let through. */
  rejected(details: Omit<RejectEvent, 'type'>): void {
    if (this.#listeners.has('reject'))
      this.announcer.add('reject', (listener) => listener({ type: 'call.rejected', ...details }));
    this.#link.announce();
  }

  /** A call ended well. */
  succeeded(ticket: Ticket): void {
    if (!this.#listeners.has('success')) return;
    const event = this.#callEvent('call.succeeded', ticket, this.#link.clock.now());
    this.announcer.add('success', (listener) => listener(event));
  }

  /**
   * A call ended badly.
   *
   * @param place - Where in the order of events: before what it has changed.
   */
  failed(ticket: Ticket, error: unknown, at: number, place: number | undefined): void {
    if (!this.#listeners.has('failure')) return;
    const event = this.#callEvent('call.failed', ticket, at);
    this.announcer.add('failure', (listener) => listener(error, event), place);
  }

  /** A call ended: told last, after everything that its end has changed. */
  settled(ticket: Ticket, outcome: SettleEvent['outcome'], details: EndDetails = noDetails): void {
    if (this.#listeners.has('settle')) {
      const event = this.#settleEvent(ticket, outcome, details);
      this.announcer.add('settle', (listener) => listener(event));
    }
    this.#link.announce();
  }

  #callEvent(type: CallEvent['type'], { generation }: Ticket, at: number): CallEvent {
    return { type, name: this.#link.name, at, generation };
  }

  #settleEvent({ generation, startedAt, trial }: Ticket, outcome: SettleEvent['outcome'], details: EndDetails) {
    const { kind = null, isSlow = false, isTimeout = false } = details;
    const at = this.#link.clock.now();
    // An injected clock may have gone back.
    const durationMs = startedAt === undefined ? null : Math.max(0, at - startedAt);
    const event: SettleEvent = {
      ...{ type: 'call.settled', name: this.#link.name, at, generation, outcome },
      ...{ durationMs, kind, isSlow, isTimeout, isTrial: trial !== undefined },
    };
    return event;
  }
}
