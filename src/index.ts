export type { BreakerContext } from '../machines/breaker-context.ts';
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
export type { BreakerInput, BreakerSettings } from '../machines/breaker-settings.ts';
export type { Resumption, ResumptionSnapshot } from '../machines/resumption.ts';
export type { Trial, TrialId } from '../machines/trials.ts';
export { attachBreaker } from './attach-breaker.ts';
export type {
  AttachOptions,
  BreakerCallbacks,
  BreakerMachineOptions,
  BreakerOptions,
  Fallback,
  RunOptions,
} from './breaker-options.ts';
export type { BreakerActorRef, BreakerState } from './chart-link.ts';
export { CircuitBreaker } from './circuit-breaker.ts';
export { type BreakerDecorator, circuitBreaker, type MethodContext } from './circuit-breaker-decorator.ts';
export { type BreakerClock, systemClock } from './clock.ts';
export { createBreaker } from './create-breaker.ts';
export { type CircuitBreakerMachine, createBreakerMachine } from './create-breaker-machine.ts';
export { CallTimeoutError } from './errors/call-timeout-error.ts';
export {
  CircuitBreakerOpenError,
  type RejectionDetails,
  type RejectionReason,
} from './errors/circuit-breaker-open-error.ts';
export { PermitNotSettledError } from './errors/permit-not-settled-error.ts';
export type { AnyFunction, AsyncFunction, Guarded, GuardedFunction, HasBreaker } from './guarded-function.ts';
export type { ErrorClass, ErrorJudgement } from './judge-error.ts';
export type { BreakerListeners, BreakerListenerType, CallEvent, RejectEvent } from './listeners.ts';
export type { BreakerMetrics, FailureSummary } from './metrics.ts';
export type { Permit } from './permit.ts';
export type { RunContext } from './supervised-run.ts';
export type { CallbackErrorHandler } from './user-code.ts';
