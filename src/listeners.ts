import type { BreakerStateName, EnteredEmit, OpenedEmit, StateChangedEmit } from '../machines/breaker-events.ts';
import { describeValue } from '../machines/option-rules.ts';
import type { RejectionReason } from './errors/circuit-breaker-open-error.ts';
import { type ReportError, runUserCode } from './user-code.ts';

/** A call that was accounted. */
export interface CallEvent {
  readonly type: 'call.succeeded' | 'call.failed';
  /** Name of the breaker. */
  readonly name: string;
  /** When the call ended, epoch ms. */
  readonly at: number;
  /** The generation in which the call was admitted. */
  readonly generation: number;
}

/** A call that was not let through. */
export interface RejectEvent {
  readonly type: 'call.rejected';
  /** Name of the breaker. */
  readonly name: string;
  /** When the call was rejected, epoch ms. */
  readonly at: number;
  readonly reason: RejectionReason;
  /** Milliseconds until a retry can be let through; `null` where time alone changes nothing. */
  readonly retryAfterMs: number | null;
}

/** What the listeners of each event are given; the option callback of the same name gets the same. */
export interface BreakerListeners {
  readonly stateChange: (from: BreakerStateName, to: BreakerStateName, event: StateChangedEmit) => unknown;
  readonly open: (event: OpenedEmit) => unknown;
  readonly close: (event: EnteredEmit) => unknown;
  readonly halfOpen: (event: EnteredEmit) => unknown;
  readonly success: (event: CallEvent) => unknown;
  readonly failure: (error: unknown, event: CallEvent) => unknown;
  readonly reject: (event: RejectEvent) => unknown;
}

/** The events that `on` knows. */
export type BreakerListenerType = keyof BreakerListeners;

/** One subscription; a listener that is added twice is called twice. */
interface Subscription<T extends BreakerListenerType> {
  readonly listener: BreakerListeners[T];
  /** Where an error of the listener is said to come from. */
  readonly where: string;
}

type SubscriptionSets = { [T in BreakerListenerType]: Set<Subscription<T>> | undefined };

/** Every event has its place from the start, so that asking whether anybody listens is one property read. */
function noSubscriptions(): SubscriptionSets {
  return {
    stateChange: undefined,
    open: undefined,
    close: undefined,
    halfOpen: undefined,
    success: undefined,
    failure: undefined,
    reject: undefined,
  };
}

/** Holds the listeners of a breaker and runs them so that nothing they throw gets out. */
export class Listeners {
  readonly #report: ReportError;
  #sets = noSubscriptions();
  readonly #running: BreakerListenerType[] = [];

  /** @param report - Hears of what a listener throws. */
  constructor(report: ReportError) {
    this.#report = report;
  }

  /**
   * Adds a listener.
   *
   * @returns A function that takes it off again; calling that twice does nothing more.
   */
  add<T extends BreakerListenerType>(type: T, listener: BreakerListeners[T], where: string): () => void {
    const sets: { [K in T]: Set<Subscription<K>> | undefined } = this.#sets;
    const set: Set<Subscription<T>> = sets[type] ?? new Set();
    sets[type] = set;
    const subscription = { listener, where };
    set.add(subscription);
    return () => {
      set.delete(subscription);
    };
  }

  /**
   * Adds a listener of the user's.
   *
   * @throws TypeError for an event that does not exist, or a listener that is no function.
   */
  addChecked<T extends BreakerListenerType>(type: T, listener: BreakerListeners[T]): () => void {
    if (!Object.hasOwn(this.#sets, type))
      throw new TypeError(
        `There is no event ${describeValue(type)}; there are: ${Object.keys(this.#sets).join(', ')}.`,
      );
    if (typeof listener !== 'function')
      throw new TypeError(`A listener must be a function, but was ${describeValue(listener)}.`);
    return this.add(type, listener, `a listener of ${type}`);
  }

  /** Tells whether anybody listens, so that no event need be built for nobody. */
  has(type: BreakerListenerType): boolean {
    const set = this.#sets[type];
    return set !== undefined && set.size > 0;
  }

  /**
   * Calls every listener of an event with what `invoke` hands it. An event that a listener causes while it runs is
   * not emitted to listeners of the same kind: a call made inside `onReject` that is rejected too would never end.
   */
  emit<T extends BreakerListenerType>(type: T, invoke: (listener: BreakerListeners[T]) => unknown): void {
    const sets: { [K in T]: Set<Subscription<K>> | undefined } = this.#sets;
    const set = sets[type];
    if (set === undefined || this.#running.includes(type)) return;
    this.#running.push(type);
    for (const { listener, where } of [...set]) runUserCode(this.#report, where, () => invoke(listener));
    this.#running.pop();
  }

  /** Takes every listener off. */
  clear(): void {
    this.#sets = noSubscriptions();
  }
}
