export { type BreakerContext, createContext, type LeftState } from '../machines/breaker-context.ts';
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
export type {
  BreakerAction,
  BreakerActions,
  BreakerChild,
  BreakerChildren,
  BreakerDelayName,
  BreakerGuard,
  BreakerGuardName,
  BreakerStateSchema,
  BreakerStateValue,
  HalfOpenStateName,
} from '../machines/chart-types.ts';
export { circuitBreakerMachine } from '../machines/circuit-breaker.machine.ts';
export type { CallTally, CallWindow, TimeSlice } from '../machines/counting/call-window.ts';
export { callsInWindow, countFailures, countSuccesses, reachesThreshold } from '../machines/counting/count-outcomes.ts';
export { noOutcomes, type OutcomeCounts, type OutcomeReport } from '../machines/counting/outcome-counts.ts';
export type { WindowCounts } from '../machines/counting/window-counts.ts';
export type { FailureReason } from '../machines/failure-reason.ts';
export { type Fleet, fleetImplementations } from '../machines/fleet/fleet-implementations.ts';
export {
  type FleetInput,
  type FleetLogic,
  loneFleet,
  type NodeChangedEvent,
  type NodeEvent,
  type NodeFailedEvent,
  type NodeHeldEvent,
  type NodeRequestsLeaseEvent,
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
export { leaseRequest } from '../machines/fleet-leases.ts';
export type { FleetLease, FleetView } from '../machines/fleet-view.ts';
export { callFailed } from '../machines/hidden-error.ts';
export type { Outage } from '../machines/outage.ts';
export { overdueEvent, retryAfterMs, timeToLeaseMs, timeToRetryMs } from '../machines/overdue.ts';
export { rampShare } from '../machines/recovery-ramp.ts';
export type { Resumption, ResumptionSnapshot } from '../machines/resumption.ts';
export type { BreakerInput, RecoveryBackoff, RecoveryRamp } from '../machines/settings/breaker-input.ts';
export { BreakerOptionsError } from '../machines/settings/breaker-options-error.ts';
export {
  type BackoffSettings,
  type BreakerSettings,
  type RampSettings,
  resolveSettings,
} from '../machines/settings/breaker-settings.ts';
export type { Trial, TrialId, Trials } from '../machines/trials.ts';
export { createBreakerMachine } from './breaker/create-breaker-machine.ts';
export type { CircuitBreakerMachine } from './machine/customise-machine.ts';
export type { ErrorClass, ErrorJudgement, FailureJudgement } from './machine/judge-error.ts';
export type { BackoffFunction, BreakerMachineOptions } from './machine/machine-options.ts';
export { type BreakerClock, systemClock } from './platform/clock.ts';
export type { CallbackErrorHandler } from './platform/user-code.ts';
