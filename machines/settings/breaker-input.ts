/** Longer waits while trials keep failing. */
export interface RecoveryBackoff {
  /**
   * By how much each wait is longer than the one before, from 1 up.
   * @default 2
   */
  readonly factor?: number | undefined;
  /**
   * The longest wait in milliseconds; at least `recoveryTimeout`.
   * @default an hour, or `recoveryTimeout` where that is longer
   */
  readonly maxRecoveryTimeout?: number | undefined;
  /**
   * A ratio from 0 to 1: every wait is made longer or shorter by up to this share of it, by chance, so that not
   * everybody tries again at the same instant.
   * @default 0
   */
  readonly jitter?: number | undefined;
}

/** After the trials, calls are let through in growing shares. */
export interface RecoveryRamp {
  /** Into how many steps the way is divided, from 1 to 1000: step `k` of `n` lets `k / (n + 1)` of the calls through. */
  readonly steps: number;
  /** How long each step lasts, in milliseconds. */
  readonly stepDuration: number;
}

/**
 * What a breaker actor can be given as `input`: the options that are data. All durations are in
 * milliseconds, from 1 to 2147483647; the counts are integers from 1 to 2147483647.
 */
export interface BreakerInput {
  /**
   * Name in errors, events, metrics and the inspector.
   * @default 'breaker'
   */
  readonly name?: string | undefined;
  /**
   * Failures that open the circuit: in a row, or within `failureWindow` where that is set. Plays no part beside
   * `failureRateThreshold`.
   * @default 5
   */
  readonly failureThreshold?: number | undefined;
  /**
   * How long the circuit stays open before a trial is let through, in milliseconds.
   * @default 60_000
   */
  readonly recoveryTimeout?: number | undefined;
  /**
   * If set, failures within the last so many milliseconds count, instead of consecutive ones. With
   * `failureRateThreshold`: the rate is taken of the calls that ended within the last so many milliseconds.
   * @default none
   */
  readonly failureWindow?: number | undefined;
  /**
   * Share of failures among the calls of the window that opens the circuit, above 0 and at most 1. Needs exactly one
   * of `windowSize` and `failureWindow`.
   * @default none
   */
  readonly failureRateThreshold?: number | undefined;
  /**
   * With `failureRateThreshold`: fewer calls in the window never open the circuit.
   * @default 10
   */
  readonly minimumCalls?: number | undefined;
  /**
   * With `failureRateThreshold`: the window is the last so many calls, from `minimumCalls` to 1000000.
   * @default none
   */
  readonly windowSize?: number | undefined;
  /**
   * A call that takes longer than so many milliseconds counts as a failure; its result is still returned.
   * @default none
   */
  readonly slowCallThreshold?: number | undefined;
  /**
   * How many trials may run at the same time while half-open.
   * @default 1
   */
  readonly halfOpenTrials?: number | undefined;
  /**
   * How many successful trials close the circuit.
   * @default 1
   */
  readonly successThreshold?: number | undefined;
  /**
   * How many failed trials of one half-open period, its ramp included, re-open the circuit.
   * @default 1
   */
  readonly trialFailureThreshold?: number | undefined;
  /**
   * The lease of a trial's slot in milliseconds: from then on the slot is free again. What the trial comes to later still
   * counts, as long as the circuit is half-open.
   * @default recoveryTimeout; for a breaker with a longer `timeout`, that
   */
  readonly trialTimeout?: number | undefined;
  /**
   * Longer waits while trials keep failing.
   * @default none: every wait is `recoveryTimeout`
   */
  readonly recoveryBackoff?: RecoveryBackoff | undefined;
  /**
   * After the trials, calls are let through in growing shares before the circuit closes; failures re-open it.
   * @default none: the circuit closes at once
   */
  readonly recoveryRamp?: RecoveryRamp | undefined;
  /**
   * Whether an actor that was spawned or invoked sends what it emits to its parent, too: `breaker.opened` and the like
   * are events of the parent then. Without a parent it has no effect.
   * @default false
   */
  readonly notifyParent?: boolean | undefined;
}
