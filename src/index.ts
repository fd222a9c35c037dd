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
  CallsCountedEvent,
  EnteredEmit,
  FleetConnectionEmit,
  OpenedEmit,
  RecoveryElapsedEvent,
  StateChangedEmit,
  TrialEvent,
} from '../machines/breaker-events.ts';
export type { BreakerInput, RecoveryBackoff, RecoveryRamp } from '../machines/breaker-input.ts';
export { BreakerOptionsError } from '../machines/breaker-options-error.ts';
export type { BackoffSettings, BreakerSettings, RampSettings } from '../machines/breaker-settings.ts';
export type { CallTally, CallWindow, TimeSlice } from '../machines/counting/call-window.ts';
export type { CountingMode } from '../machines/counting/counting-mode.ts';
export type { OutcomeCounts } from '../machines/counting/outcome-counts.ts';
export type { FailureReason } from '../machines/failure-reason.ts';
export type {
  FleetInput,
  FleetLogic,
  NodeChangedEvent,
  NodeEvent,
  NodeFailedEvent,
  NodeHeldEvent,
} from '../machines/fleet/fleet-actor.ts';
export type {
  FleetClosedEvent,
  FleetConnectionEvent,
  FleetEvent,
  FleetIsolatedEvent,
  FleetJoinEvent,
  FleetOpenedEvent,
  LeaseGrantedEvent,
  LeaseLostEvent,
  TrialRequestedEvent,
} from '../machines/fleet/fleet-events.ts';
export type { FleetLease, FleetView } from '../machines/fleet/fleet-view.ts';
export type { Resumption, ResumptionSnapshot } from '../machines/resumption.ts';
export type { Trial, TrialId } from '../machines/trials.ts';
export type { BreakerChoice, BreakerReference, BreakerSource } from './actor-guard.ts';
export { attachBreaker } from './attach-breaker.ts';
export type {
  AttachOptions,
  BackoffFunction,
  BreakerCallbacks,
  BreakerMachineOptions,
  BreakerOptions,
  Fallback,
  RunOptions,
  StreamOptions,
} from './breaker-options.ts';
export { type BreakerOverrides, BreakerRegistry, type BreakerRegistryOptions } from './breaker-registry.ts';
export type { BreakerSnapshot, SnapshotTotals } from './breaker-snapshot.ts';
export type { BreakerActorRef, BreakerState } from './chart-link.ts';
export { CircuitBreaker } from './circuit-breaker.ts';
export { type BreakerDecorator, circuitBreaker, type MethodContext } from './circuit-breaker-decorator.ts';
export { type BreakerClock, systemClock } from './clock.ts';
export { createBreaker } from './create-breaker.ts';
export { createBreakerMachine } from './create-breaker-machine.ts';
export { createBreakerRegistry } from './create-breaker-registry.ts';
export type { CircuitBreakerMachine } from './customise-machine.ts';
export { type CallLimit, CallTimeoutError } from './errors/call-timeout-error.ts';
export {
  CircuitBreakerOpenError,
  type RejectionDetails,
  type RejectionReason,
} from './errors/circuit-breaker-open-error.ts';
export { PermitNotSettledError } from './errors/permit-not-settled-error.ts';
export { SlowCallError } from './errors/slow-call-error.ts';
export { StreamInterruptedError } from './errors/stream-interrupted-error.ts';
export { type FailoverCandidate, type FailoverEvent, type FailoverOptions, failover } from './failover.ts';
export { type GuardedLogic, guarded } from './guarded.ts';
export type { AnyFunction, AsyncFunction, Guarded, GuardedFunction, HasBreaker } from './guarded-function.ts';
export type { ErrorClass, ErrorJudgement, FailureJudgement } from './judge-error.ts';
export type { BreakerListeners, BreakerListenerType, CallEvent, RejectEvent } from './listeners.ts';
export type { BreakerMetrics, FleetMetrics } from './metrics.ts';
export type { Permit } from './permit.ts';
export type { RegistryMetrics } from './registry-metrics.ts';
export type { ReadableSource, StreamSource } from './stream-source.ts';
export type { RunContext } from './supervised-run.ts';
export type { CallTotals, EndedCalls, FailureSummary } from './totals.ts';
export type { CallbackErrorHandler } from './user-code.ts';
export type { BreakerStream } from './watched-stream.ts';
