import type { AnyActorRef } from 'xstate';
import type { Moment } from '../context-updates.ts';
import { fleetOf, type NodeEvent } from '../fleet-actor.ts';

/** Makes a message for the fleet of what the breaker is after everything that was enqueued before. */
export type FleetMessage = (moment: Moment) => NodeEvent;

/** What queues the actions of a transition. */
interface Enqueuer {
  sendTo(target: AnyActorRef, message: FleetMessage): void;
}

/** Sends a message to the actor of the fleet, where the breaker has joined one. */
export function tellFleet(enqueue: Enqueuer, self: AnyActorRef, message: FleetMessage): void {
  const fleet = fleetOf(self);
  if (fleet) enqueue.sendTo(fleet, message);
}
