export { type BreakerContext, createContext } from '../machines/breaker-context.ts';
export type {
  BreakerCommandEvent,
  BreakerEmitted,
  BreakerEvent,
  BreakerStateName,
  BreakerTag,
  CallFailedEvent,
  CallNeutralEvent,
  CallSucceededEvent,
  EnteredEmit,
  OpenedEmit,
  RecoveryElapsedEvent,
  StateChangedEmit,
  TrialEvent,
} from '../machines/breaker-events.ts';
export { BreakerOptionsError } from '../machines/breaker-options-error.ts';
export { type BreakerInput, type BreakerSettings, resolveSettings } from '../machines/breaker-settings.ts';
export { circuitBreakerMachine } from '../machines/circuit-breaker.machine.ts';
export {
  countFailures,
  countSuccess,
  type FailureCounts,
  type FailureReport,
  noFailures,
  reachesThreshold,
} from '../machines/failure-counts.ts';
export { callFailed } from '../machines/hidden-error.ts';
export { overdueEvent, timeToRetryMs } from '../machines/overdue.ts';
export type { Resumption, ResumptionSnapshot } from '../machines/resumption.ts';
export type { Trial, TrialId } from '../machines/trials.ts';
export type { BreakerMachineOptions } from './breaker-options.ts';
export { type BreakerClock, systemClock } from './clock.ts';
export { type CircuitBreakerMachine, createBreakerMachine } from './create-breaker-machine.ts';
export type { ErrorClass, ErrorJudgement } from './judge-error.ts';
export type { CallbackErrorHandler } from './user-code.ts';
