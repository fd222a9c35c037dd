import type { ChangeCause, CommandOrder } from './change-cause.ts';
import type { OutcomeCounts } from './counting/outcome-counts.ts';
import type { WindowCounts } from './counting/window-counts.ts';
import type { FailureReason } from './failure-reason.ts';
import type { FleetConnectionEvent, FleetEvent, LeaseRequestedEvent } from './fleet-events.ts';
import type { TrialId } from './trials.ts';

/** The names of the chart's states, as the facade and the emitted events tell them. */
export type BreakerStateName = 'closed' | 'open' | 'halfOpen' | 'isolated' | 'disabled';

/**
 * The tags by which a caller may rely on a state, whatever it is called: a call may be made
 * (`admitting`) or not (`rejecting`); an admitted call is a `trial` that has to take a slot first; its
 * outcome is `uncounted`; for a rejected call the fleet, where there is one, may be asked for a slot
 * (`asking`).
 */
export type BreakerTag = 'admitting' | 'rejecting' | 'trial' | 'uncounted' | 'asking';

interface Dated {
  /** When it happened, epoch ms. Left out: the present by the actor's clock. */
  readonly at?: number | undefined;
}

interface CallEnd extends Dated {
  /** The generation in which the call was admitted. Left out: the current one. */
  readonly generation?: number | undefined;
  /** The trial that the call was. Left out while half-open: the oldest trial. */
  readonly trial?: TrialId | undefined;
}

interface TimedCallEnd extends CallEnd {
  /** How long the call took, in ms; one longer than `slowCallThreshold` counts as a failure. Left out: not slow. */
  readonly duration?: number | undefined;
}

/** A call ended well. */
export interface CallSucceededEvent extends TimedCallEnd {
  readonly type: 'call.succeeded';
  /** How many calls in a row ended well, where several are reported together. @default 1 */
  readonly count?: number | undefined;
}

/** A call ended badly; the guard `countsAsFailure` judges `error`. */
export interface CallFailedEvent extends TimedCallEnd {
  readonly type: 'call.failed';
  /**
   * What the call threw. Left out, there is nothing to judge and the failure counts. Use `callFailed()`
   * to build an event whose error stays out of JSON and of the inspector.
   */
  readonly error?: unknown;
  /** How many calls in a row ended badly, where several are reported together. @default 1 */
  readonly count?: number | undefined;
  /**
   * The wait that this failure asks for if it opens the circuit, in ms from 1 to 2147483647; it takes the place of
   * `recoveryTimeout`. A circuit that is open already waits until then, if that is longer. Anything else is ignored.
   */
  readonly openFor?: number | undefined;
  /** Whether this failure opens the circuit by itself, whatever the threshold. @default false */
  readonly openNow?: boolean | undefined;
  /** What a fleet may be told of the failure. Left out: the name and the status of `error`, where there is one. */
  readonly reason?: FailureReason | null | undefined;
}

/**
 * Calls of a closed circuit ended and were counted elsewhere, by the chart's own functions, without reaching the
 * threshold: what has been counted, these calls included.
 */
export interface CallsCountedEvent extends Dated {
  readonly type: 'calls.counted';
  /** The generation in which the calls were admitted. Left out: the current one. */
  readonly generation?: number | undefined;
  /** Left out: nothing changes. */
  readonly counts?: OutcomeCounts | undefined;
}

/** A call ended in a way that says nothing of the operation: an excluded error, an aborted call. */
export interface CallNeutralEvent extends CallEnd {
  readonly type: 'call.ignored' | 'call.cancelled';
}

/** A half-open slot is taken, or its lease has run out. */
export interface TrialEvent extends Dated {
  readonly type: 'trial.started' | 'trial.expired';
  /**
   * Names the trial. Left out: a started trial gets the next number, and every trial whose lease has
   * run out is expired.
   */
  readonly trial?: TrialId | undefined;
  /**
   * For a trial that starts while calls are let through in shares: a number from 0 to 1 (1 excluded) that decides
   * whether it is let through. Left out: drawn by the actor's clock.
   */
  readonly lot?: number | undefined;
}

/** The recovery wait, or the ramp, is over. Judged against the context, so it may be sent at any time. */
export interface RecoveryElapsedEvent extends Dated {
  readonly type: 'recovery.elapsed';
}

/** What a person, or a program on their behalf, orders. */
export interface BreakerCommandEvent extends Dated {
  readonly type:
    | 'breaker.isolate'
    | 'breaker.release'
    | 'breaker.reset'
    | 'breaker.trip'
    | 'breaker.disable'
    | 'breaker.enable';
  /** Who orders it, and why; told with the change. */
  readonly order?: CommandOrder | undefined;
  /** For `breaker.trip`: how long the circuit waits, in ms from 1 to 2147483647. Left out, or nonsense: the usual wait. */
  readonly openFor?: number | undefined;
}

/** Every event that the breaker's chart answers. */
export type BreakerEvent =
  | CallSucceededEvent
  | CallFailedEvent
  | CallNeutralEvent
  | CallsCountedEvent
  | TrialEvent
  | LeaseRequestedEvent
  | RecoveryElapsedEvent
  | BreakerCommandEvent
  | FleetEvent;

interface Emitted {
  /** Name of the breaker. */
  readonly name: string;
  /** When it happened, epoch ms. */
  readonly at: number;
  /** The generation that begins with a change of state; otherwise the present one. */
  readonly generation: number;
}

interface ChangeEmitted extends Emitted {
  /** What has changed the state. */
  readonly by: ChangeCause;
  /** Who ordered the change, and why, where it was made by hand and that was said. */
  readonly order?: CommandOrder;
}

/** Emitted on every change of state, before the event that names the new state. */
export interface StateChangedEmit extends ChangeEmitted {
  readonly type: 'breaker.stateChanged';
  readonly from: BreakerStateName;
  readonly to: BreakerStateName;
}

/** Emitted when the circuit opens. */
export interface OpenedEmit extends ChangeEmitted {
  readonly type: 'breaker.opened';
  /** When the next trial is due, epoch ms. */
  readonly recoverAt: number;
  /** What had been counted when the circuit opened first; a re-opening tells the same. */
  readonly counts: WindowCounts;
  /** The option whose limit was reached, and the limit; null where none was: 'atOnce', 'trip', 'fleet'. */
  readonly threshold: ReachedThreshold | null;
  /** The error that opened the circuit, where one is known; not enumerable, so that it stays inside. */
  readonly error?: unknown;
}

/** A limit that was reached when a circuit opened. */
export interface ReachedThreshold {
  readonly option: 'failureThreshold' | 'failureRateThreshold' | 'trialFailureThreshold';
  /** What the option is set to. */
  readonly value: number;
}

/** Emitted when a state other than open is entered. */
export interface EnteredEmit extends ChangeEmitted {
  readonly type: 'breaker.closed' | 'breaker.halfOpened' | 'breaker.isolated' | 'breaker.disabled';
}

/** Emitted when the fleet is reached, or can no more be reached. */
export interface FleetConnectionEmit extends Emitted {
  readonly type: FleetConnectionEvent['type'];
}

/** Every event that the breaker's chart emits: `actor.on('breaker.opened', ...)`. */
export type BreakerEmitted = StateChangedEmit | OpenedEmit | EnteredEmit | FleetConnectionEmit;
