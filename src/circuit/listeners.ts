import type { BreakerStateName, EnteredEmit, OpenedEmit, StateChangedEmit } from '../../machines/breaker-events.ts';
import { describeValue } from '../../machines/settings/describe-value.ts';
import type { RejectionReason } from '../errors/circuit-breaker-open-error.ts';
import type { UserCode } from '../platform/user-code.ts';

/** A call that has ended well, or has failed. */
export interface CallEvent {
  readonly type: 'call.succeeded' | 'call.failed';
  /** Name of the breaker. */
  readonly name: string;
  /** When the call ended, epoch ms. */
  readonly at: number;
  /** The generation in which the call was admitted. */
  readonly generation: number;
}

/** How a call that was let through has ended, and what is known of it. */
export interface SettleEvent {
  readonly type: 'call.settled';
  /** Name of the breaker. */
  readonly name: string;
  /** When the call ended, epoch ms. */
  readonly at: number;
  /** The generation in which the call was admitted. */
  readonly generation: number;
  readonly outcome: 'success' | 'failure' | 'ignored' | 'cancelled';
  /** How long the call took, in ms; null for one that was let through before anybody listened. */
  readonly durationMs: number | null;
  /** What kind of failure, or of error that does not count, it was; null where nothing has classified it. */
  readonly kind: string | null;
  /** Whether it took longer than `slowCallThreshold`. */
  readonly isSlow: boolean;
  /** Whether it missed a deadline, ours or its caller's `AbortSignal.timeout()`. */
  readonly isTimeout: boolean;
  /** Whether it was a trial of a half-open circuit. */
  readonly isTrial: boolean;
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
  readonly isolate: (event: EnteredEmit) => unknown;
  readonly success: (event: CallEvent) => unknown;
  readonly failure: (error: unknown, event: CallEvent) => unknown;
  readonly reject: (event: RejectEvent) => unknown;
  readonly settle: (event: SettleEvent) => unknown;
}

/** The events that `on` knows. */
export type BreakerListenerType = keyof BreakerListeners;

/** One subscription; a listener that is added twice is called twice. */
interface Subscription<T extends BreakerListenerType> {
  readonly listener: BreakerListeners[T];
  /** Where an error of the listener is said to come from. */
  readonly where: string;
}

type SubscriptionSets = { [T in BreakerListenerType]: Set<Subscription<T>> };

function noSubscriptions(): SubscriptionSets {
  return {
    stateChange: new Set(),
    open: new Set(),
    close: new Set(),
    halfOpen: new Set(),
    isolate: new Set(),
    success: new Set(),
    failure: new Set(),
    reject: new Set(),
    settle: new Set(),
  };
}

/** Holds the listeners of a breaker and runs them so that nothing they throw gets out. */
export class Listeners {
  readonly #userCode: UserCode;
  /** Undefined as long as nobody has listened, which is the case of most breakers. */
  #sets: SubscriptionSets | undefined;

  /** @param userCode - Runs the listeners, and reports what they throw. */
  constructor(userCode: UserCode) {
    this.#userCode = userCode;
  }

  /**
   * Adds a listener.
   *
   * @returns A function that takes it off again; calling that twice does nothing more.
   * @throws TypeError for an event that does not exist, or a listener that is no function.
   */
  add<T extends BreakerListenerType>(type: T, listener: BreakerListeners[T], where: string): () => void {
    this.#sets ??= noSubscriptions();
    const sets: { [K in T]: Set<Subscription<K>> } = this.#sets;
    if (!Object.hasOwn(sets, type))
      throw new TypeError(`There is no event ${describeValue(type)}; there are: ${Object.keys(sets).join(', ')}.`);
    if (typeof listener !== 'function')
      throw new TypeError(`A listener must be a function, but was ${describeValue(listener)}.`);
    const set: Set<Subscription<T>> = sets[type];
    const subscription = { listener, where };
    set.add(subscription);
    return () => {
      set.delete(subscription);
    };
  }

  /** Tells whether anybody listens, so that no event need be built for nobody. */
  has(type: BreakerListenerType): boolean {
    return this.#sets !== undefined && this.#sets[type].size > 0;
  }

  /** Calls every listener of an event with what `invoke` hands it. */
  emit<T extends BreakerListenerType>(type: T, invoke: (listener: BreakerListeners[T]) => unknown): void {
    if (this.#sets === undefined) return;
    const sets: { [K in T]: Set<Subscription<K>> } = this.#sets;
    const set: Set<Subscription<T>> = sets[type];
    for (const subscription of [...set]) {
      const { listener, where } = subscription;
      // One before it may have taken it off, or every one.
      if (this.#sets && set.has(subscription)) this.#userCode.run(where, () => invoke(listener));
    }
  }

  /** Takes every listener off. */
  clear(): void {
    this.#sets = undefined;
  }
}
