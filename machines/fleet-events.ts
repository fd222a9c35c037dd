import type { FailureReason } from './failure-reason.ts';

interface Dated {
  /** When it happened, epoch ms. Left out: the present by the actor's clock. */
  readonly at?: number | undefined;
}

/** The fleet can be reached, for the first time or again; or it cannot, and the breaker goes by what it sees itself. */
export interface FleetConnectionEvent extends Dated {
  readonly type: 'fleet.connected' | 'fleet.disconnected';
}

/** Enough of the fleet's nodes have opened their circuits, or the trial of one has failed: the circuit opens for all. */
export interface FleetOpenedEvent extends Dated {
  readonly type: 'fleet.opened';
  /** How long the fleet still waits, in ms; 0 where a trial is due. Left out, or no number: `recoveryTimeout`. */
  readonly openFor?: number | undefined;
  /** How often the fleet's trials have failed since its circuit was last closed. @default as often as was seen here */
  readonly reopenings?: number | undefined;
  /** Why the circuit opened, as far as that may leave a process. */
  readonly reason?: FailureReason | null | undefined;
  /** What the rejections name as their cause; not enumerable. */
  readonly error?: unknown;
}

/** The fleet's circuit is closed: a trial went well, somebody reset it, or the last isolation has ended. */
export interface FleetClosedEvent extends Dated {
  readonly type: 'fleet.closed';
}

/** Somebody holds the fleet's circuit open by hand. */
export interface FleetIsolatedEvent extends Dated {
  readonly type: 'fleet.isolated';
  /** How many hold it besides this breaker. @default 1 */
  readonly others?: number | undefined;
}

/** The fleet lends this breaker a half-open slot. */
export interface LeaseGrantedEvent extends Dated {
  readonly type: 'fleet.leaseGranted';
  /** Names the lease; a later one has a higher number. One that there is already is prolonged. @default the next number */
  readonly token?: number | undefined;
  /** How long a trial may still start on it, in ms, at most `trialTimeout` or a second. @default as long as it may be */
  readonly leaseFor?: number | undefined;
}

/** A lease has been given back, or taken. */
export interface LeaseLostEvent extends Dated {
  readonly type: 'fleet.leaseLost';
  /** @default all of them */
  readonly token?: number | undefined;
}

/** The breaker is to join its fleet, unless it has: a command for one that was restored from what knew of none. */
export interface FleetJoinEvent extends Dated {
  readonly type: 'fleet.join';
}

/** Everything that a breaker's chart is told about its fleet. */
export type FleetEvent =
  | FleetJoinEvent
  | FleetConnectionEvent
  | FleetOpenedEvent
  | FleetClosedEvent
  | FleetIsolatedEvent
  | LeaseGrantedEvent
  | LeaseLostEvent;

/** A call was turned down for want of a half-open slot that the fleet could lend. */
export interface LeaseRequestedEvent extends Dated {
  /** `trial.requested` is its former name. */
  readonly type: 'lease.requested' | 'trial.requested';
}

/** Tells whether an event of this type comes from the fleet. */
export function isFleetEvent(type: string): boolean {
  return type.startsWith('fleet.');
}
