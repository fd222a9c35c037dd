import type { ActorRefFromLogic, ProvidedActor } from 'xstate';
import type { BreakerStateName } from './breaker-events.ts';
import type { FleetLogic } from './fleet-actor.ts';
import type { Resumption } from './resumption.ts';

// The parts of the chart's type are written out, since what a compiler infers is spelt in the words of one version of
// XState: a later one may have added a type parameter, which the declarations would then demand of every other version.

/** The chart's actions, each with what it is told; each may be replaced by `.provide()`. */
export interface BreakerActions {
  announce: { readonly state: BreakerStateName };
  leave: { readonly state: BreakerStateName };
  watchForRestores: undefined;
  configure: undefined;
  dateEvent: undefined;
  drawLot: undefined;
  recordSuccess: undefined;
  recordFailure: undefined;
  adoptCounts: undefined;
  startTrial: undefined;
  recordTrialSuccess: undefined;
  recordTrialFailure: undefined;
  releaseTrial: undefined;
  releaseExpiredTrials: undefined;
  shortenWait: undefined;
  extendWait: undefined;
  startRamp: undefined;
  shortenRamp: undefined;
  skipTrial: undefined;
  addHold: undefined;
  removeHold: undefined;
  openCircuit: undefined;
  reopenCircuit: undefined;
  halfOpenCircuit: undefined;
  closeCircuit: undefined;
  isolateCircuit: undefined;
  disableCircuit: undefined;
  joinFleet: undefined;
  leaveFleet: undefined;
  connectFleet: undefined;
  disconnectFleet: undefined;
  noteFleet: undefined;
  completeOpening: undefined;
  adoptWait: undefined;
  takeLease: undefined;
  dropLease: undefined;
  dropLeasesOver: undefined;
  askForLease: undefined;
  shareFailure: undefined;
  shareHolds: undefined;
  adoptOpening: undefined;
  adoptReopening: undefined;
  adoptClosing: undefined;
  adoptIsolation: undefined;
}

/** An action of the chart. */
export type BreakerAction = {
  [Name in keyof BreakerActions]: { type: Name; params: BreakerActions[Name] };
}[keyof BreakerActions];

/** The names of the chart's guards; each may be replaced by `.provide()`. */
export type BreakerGuardName =
  | 'isUnprepared'
  | 'isUnpreparedTrial'
  | 'isNeutral'
  | 'isGoodTrial'
  | 'isOneSlowTrialTooMany'
  | 'hasToReopen'
  | 'isOneSlowCallTooMany'
  | 'extendsWait'
  | 'rampDue'
  | 'slotFree'
  | 'mayTry'
  | 'isUndated'
  | 'isUnconfigured'
  | 'isLate'
  | 'countsAsFailure'
  | 'thresholdReached'
  | 'opensAtOnce'
  | 'isSlow'
  | 'asksForLongerWait'
  | 'recoveryDue'
  | 'successThresholdReached'
  | 'slotIsLent'
  | 'trialFailureThresholdReached'
  | 'slotsTaken'
  | 'takesLastSlot'
  | 'hasRamp'
  | 'isUndrawn'
  | 'isInShare'
  | 'rampOver'
  | 'isLastHold'
  | 'isHeldHere'
  | 'hasFleet'
  | 'isOfOpening'
  | 'awaitsLease'
  | 'leaseOver'
  | 'mayAskForLease';

/** A guard of the chart. */
export type BreakerGuard = { [Name in BreakerGuardName]: { type: Name; params: unknown } }[BreakerGuardName];

/** The names of the chart's delays; each may be replaced by `.provide()`. */
export type BreakerDelayName = 'recoveryTimeout' | 'trialTimeout' | 'recoveryRamp';

/** An actor that the chart invokes or spawns. Whether its id may be undefined differs between versions of XState. */
export type BreakerChild = Pick<ProvidedActor, 'id'> &
  ({ src: 'resumption'; logic: Resumption } | { src: 'fleet'; logic: FleetLogic });

/** The actors that a breaker's actor may have under it. */
export interface BreakerChildren {
  [id: string]: ActorRefFromLogic<FleetLogic | Resumption> | undefined;
}

/** The names of the states in `halfOpen`. */
export type HalfOpenStateName = 'free' | 'waiting' | 'full' | 'ramping';

/** Where the chart can be, as its snapshots' `value` tells it. */
export type BreakerStateValue = Exclude<BreakerStateName, 'halfOpen'> | { halfOpen: HalfOpenStateName };

/** The tree of the chart's states. */
export interface BreakerStateSchema {
  id: 'breaker';
  states: { readonly [Name in Exclude<BreakerStateName, 'halfOpen'>]: Record<never, never> } & {
    readonly halfOpen: { states: { readonly [Name in HalfOpenStateName]: Record<never, never> } };
  };
}
