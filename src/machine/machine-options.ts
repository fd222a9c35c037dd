import type { Fleet } from '../../machines/fleet/fleet-implementations.ts';
import type { BreakerInput, RecoveryBackoff } from '../../machines/settings/breaker-input.ts';
import type { CallbackErrorHandler } from '../platform/user-code.ts';
import type { ErrorJudgement } from './judge-error.ts';

/**
 * Tells how long to wait, in milliseconds from 1 to 2147483647. One that throws or returns anything else waits
 * `recoveryTimeout`.
 *
 * @param reopenings - How often trials have failed since the circuit was last closed: 0 when it opens first.
 */
export type BackoffFunction = (reopenings: number) => number;

/** The options that decide: what a machine can be made of without a facade. */
export interface BreakerMachineOptions extends Omit<BreakerInput, 'recoveryBackoff'>, ErrorJudgement {
  /**
   * Longer waits while trials keep failing: by a factor, or as a function tells.
   * @default none: every wait is `recoveryTimeout`
   */
  readonly recoveryBackoff?: RecoveryBackoff | BackoffFunction | undefined;
  /**
   * Shares the circuit with the breakers of the same name in other processes, such as `redisFleet()` of
   * `agent-circuit-breaker/redis`. No call ever waits for it.
   * @default none
   */
  readonly fleet?: Fleet | undefined;
  /**
   * Hears of what `failurePredicate`, `excludedErrors` or `recoveryBackoff` throw.
   * @default console.error, once per distinct message
   */
  readonly onCallbackError?: CallbackErrorHandler | undefined;
}
