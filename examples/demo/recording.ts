import type { BreakerState, BreakerStateName } from 'agent-circuit-breaker';
import type { Call } from './call.ts';

/** A change of the breaker's state. */
export interface Transition {
  /** Milliseconds since the demo began. */
  readonly atMs: number;
  readonly from: BreakerStateName;
  readonly to: BreakerStateName;
}

/** When the outage began and ended, in milliseconds since the demo began; null until then. */
export interface Outage {
  readonly fromMs: number | null;
  readonly toMs: number | null;
}

/** What one side has seen so far. */
export interface LaneRecording {
  readonly calls: readonly Call[];
  /** How many requests its provider has counted. */
  readonly requestCount: number;
}

/** Everything that has been seen so far; displays and the report read it. */
export interface Recording {
  readonly elapsedMs: number;
  readonly outage: Outage;
  readonly guarded: LaneRecording;
  readonly bare: LaneRecording;
  /** How many calls the breaker says it let through. */
  readonly admittedCount: number;
  readonly state: BreakerState;
  readonly transitions: readonly Transition[];
  /** Whether somebody ended the demo before its time. */
  readonly isInterrupted: boolean;
}

/** Hears of what happens while it happens. */
export interface Observer {
  /** A call past the breaker has ended. */
  onCallEnded(call: Call): void;
  onTransition(transition: Transition): void;
  onWeather(atMs: number, isOutage: boolean): void;
}
