export type { BreakerContext, LeftState } from '../machines/breaker-context.ts';
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
  ReachedThreshold,
  RecoveryElapsedEvent,
  StateChangedEmit,
  TrialEvent,
} from '../machines/breaker-events.ts';
export type { ChangeCause, CommandOrder } from '../machines/change-cause.ts';
export type { CallTally, CallWindow, TimeSlice } from '../machines/counting/call-window.ts';
export type { CountingMode } from '../machines/counting/counting-mode.ts';
export type { OutcomeCounts } from '../machines/counting/outcome-counts.ts';
export type { WindowCounts } from '../machines/counting/window-counts.ts';
export type { FailureReason } from '../machines/failure-reason.ts';
export type { Fleet } from '../machines/fleet/fleet-implementations.ts';
export type {
  FleetInput,
  FleetLogic,
  NodeChangedEvent,
  NodeEvent,
  NodeFailedEvent,
  NodeHeldEvent,
  NodeRequestsLeaseEvent,
} from '../machines/fleet-actor.ts';
export type {
  FleetClosedEvent,
  FleetConnectionEvent,
  FleetEvent,
  FleetIsolatedEvent,
  FleetJoinEvent,
  FleetOpenedEvent,
  LeaseGrantedEvent,
  LeaseLostEvent,
  LeaseRequestedEvent,
} from '../machines/fleet-events.ts';
export type { FleetLease, FleetView } from '../machines/fleet-view.ts';
export type { Outage } from '../machines/outage.ts';
export type { Resumption, ResumptionSnapshot } from '../machines/resumption.ts';
export type { BrandedError } from '../machines/settings/branded-error.ts';
export type { BreakerInput, RecoveryBackoff, RecoveryRamp } from '../machines/settings/breaker-input.ts';
export { BreakerOptionsError } from '../machines/settings/breaker-options-error.ts';
export type { BackoffSettings, BreakerSettings, RampSettings } from '../machines/settings/breaker-settings.ts';
export type { Trial, TrialId, Trials } from '../machines/trials.ts';
export type { BreakerChoice, BreakerReference, BreakerSource } from './breaker/actor-guard.ts';
export { attachBreaker } from './breaker/attach-breaker.ts';
export type { AnyFunction, AsyncFunction, Breaker, Guarded, GuardedFunction, HasBreaker } from './breaker/breaker.ts';
export type { BreakerFor, BreakersByKey } from './breaker/breaker-choice.ts';
export { CircuitBreaker } from './breaker/circuit-breaker.ts';
export { type BreakerDecorator, circuitBreaker, type MethodContext } from './breaker/circuit-breaker-decorator.ts';
export { createBreaker } from './breaker/create-breaker.ts';
export { createBreakerMachine } from './breaker/create-breaker-machine.ts';
export { failover } from './breaker/failover.ts';
export type {
  FailoverCandidate,
  FailoverEvent,
  FailoverOptions,
  FailoverQuestion,
  FailoverServed,
  LeftCandidate,
  SwitchOptions,
} from './breaker/failover-options.ts';
export { failoverStream } from './breaker/failover-stream.ts';
export type { FailoverRestart, FailoverStreamOptions } from './breaker/failover-stream-options.ts';
export { type GuardedLogic, guarded } from './breaker/guarded.ts';
export { isBreaker } from './breaker/is-breaker.ts';
export type { OneResult } from './breaker/one-result.ts';
export type { Permit } from './calls/permit.ts';
export type { RunContext } from './calls/supervised-run.ts';
export type { BreakerStream } from './calls/watched-stream.ts';
export type { BreakerSnapshot } from './circuit/breaker-snapshot.ts';
export type { BreakerActorRef, BreakerState } from './circuit/chart-link.ts';
export type { IsolationHold } from './circuit/isolation.ts';
export type {
  BreakerListeners,
  BreakerListenerType,
  CallEvent,
  RejectEvent,
  SettleEvent,
} from './circuit/listeners.ts';
export type { BreakerMetrics, FleetMetrics } from './circuit/metrics.ts';
export type { RegistrySnapshot } from './circuit/registry-snapshot.ts';
export type {
  CallTotals,
  CountedCalls,
  EndedCalls,
  FailureSummary,
  KindTotals,
  SnapshotTotals,
} from './circuit/totals.ts';
export { type CallLimit, CallTimeoutError } from './errors/call-timeout-error.ts';
export {
  CircuitBreakerOpenError,
  type RejectionDetails,
  type RejectionReason,
} from './errors/circuit-breaker-open-error.ts';
export { EmptyAnswerError } from './errors/empty-answer-error.ts';
export { PermitNotSettledError } from './errors/permit-not-settled-error.ts';
export { SlowCallError } from './errors/slow-call-error.ts';
export { StreamInterruptedError } from './errors/stream-interrupted-error.ts';
export type { CircuitBreakerMachine } from './machine/customise-machine.ts';
export type { ErrorClass, ErrorJudgement, FailureJudgement } from './machine/judge-error.ts';
export type { BackoffFunction, BreakerMachineOptions } from './machine/machine-options.ts';
export type {
  AttachOptions,
  BreakerCallbacks,
  BreakerOptions,
  Fallback,
  RunOptions,
  StreamOptions,
  TripOptions,
} from './options/breaker-options.ts';
export type { BreakerOverrides, BreakerRegistryOptions } from './options/registry-options.ts';
export { type BreakerClock, systemClock } from './platform/clock.ts';
export type { ReadableSource, StreamSource } from './platform/stream-source.ts';
export type { CallbackErrorHandler } from './platform/user-code.ts';
export { BreakerRegistry } from './registry/breaker-registry.ts';
export { createBreakerRegistry } from './registry/create-breaker-registry.ts';
export type { RegistryChangeEvent, RegistryListener, RegistryListeners } from './registry/registry-listeners.ts';
export type { RegistryMetrics } from './registry/registry-metrics.ts';
