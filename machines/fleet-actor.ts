import { type AnyActorRef, type CallbackActorLogic, fromCallback, type NonReducibleUnknown } from 'xstate';
import type { BreakerStateName } from './breaker-events.ts';
import type { FailureReason } from './failure-reason.ts';
import type { BreakerSettings } from './settings/breaker-settings.ts';

/** What the actor of a fleet is given when a breaker joins. */
export interface FleetInput {
  /** Name of the breaker: breakers of the same name share one circuit. */
  readonly name: string;
  readonly settings: BreakerSettings;
}

/** The breaker has changed its state by itself: by what it saw, by its clock, or by hand. */
export interface NodeChangedEvent {
  readonly type: 'node.changed';
  readonly from: BreakerStateName;
  readonly to: BreakerStateName;
  /** The event that did it. */
  readonly by: string;
  /** The length of the wait where the circuit opened, in ms; null otherwise. */
  readonly waitMs: number | null;
  /** How often trials have failed since the circuit was last closed. */
  readonly reopenings: number;
  /** Why the circuit opened, where it is known; null otherwise. */
  readonly reason: FailureReason | null;
  /** The token of the lease on which the trials before the change ran; null without one. */
  readonly token: number | null;
}

/** How many hands hold the circuit open here, when that has changed without a change of state. */
export interface NodeHeldEvent {
  readonly type: 'node.held';
  readonly holds: number;
}

/** Calls have failed, and the circuit stays closed. */
export interface NodeFailedEvent {
  readonly type: 'node.failed';
  readonly count: number;
  /** Why, where it is known; null otherwise. */
  readonly reason: FailureReason | null;
}

/** A call was turned down here for want of a half-open slot. */
export interface NodeRequestsLeaseEvent {
  readonly type: 'lease.requested';
}

/** Everything that a breaker's chart tells the actor of its fleet. */
export type NodeEvent = NodeChangedEvent | NodeHeldEvent | NodeFailedEvent | NodeRequestsLeaseEvent;

/**
 * The logic of the actor `fleet`: it hears what the breaker does, and tells it what the other breakers of its name do
 * (`FleetEvent`). `fleetImplementations` makes a fleet of it.
 */
export interface FleetLogic extends CallbackActorLogic<NodeEvent, FleetInput> {
  /** Whether it wants to hear of every failure, so that none may be held back. @default false */
  readonly sharesFailures?: boolean | undefined;
}

/** The actor of the fleet, as the machine knows it. */
export interface FleetActor {
  readonly src: 'fleet';
  readonly logic: FleetLogic;
  readonly id: 'fleet';
}

/**
 * The fleet of a breaker that shares nothing. It is never spawned, and only comes to life where a breaker that had a fleet
 * is restored without one: it tells that there is none any more.
 */
export const loneFleet: FleetLogic = fromCallback<NodeEvent, FleetInput & NonReducibleUnknown>(({ sendBack }) =>
  sendBack({ type: 'fleet.disconnected' }),
);

/** The actor of a breaker's fleet, where it has joined one. */
export function fleetOf(breaker: AnyActorRef): AnyActorRef | undefined {
  return breaker.getSnapshot().children?.fleet;
}
