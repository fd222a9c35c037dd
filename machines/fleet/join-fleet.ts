import { type AnyActorRef, enqueueActions, stopChild } from 'xstate';
import type { BreakerContext } from '../breaker-context.ts';
import type { BreakerEvent } from '../breaker-events.ts';
import { type FleetLogic, loneFleet } from '../fleet-actor.ts';
import { propertyOf } from '../property-of.ts';

/** The actor of the fleet, as the machine knows it. */
export interface FleetActor {
  readonly src: 'fleet';
  readonly logic: FleetLogic;
  readonly id: 'fleet';
}

/** Spawns the actor of the fleet, unless the machine has been provided with none, or it is there already. */
export const joinFleet = enqueueActions<
  BreakerContext,
  BreakerEvent,
  undefined,
  BreakerEvent,
  FleetActor,
  never,
  never,
  never,
  never
>(({ enqueue, event, self }) => {
  // There is nothing to read while the very first snapshot is made.
  const isThere = !isFirst(event) && fleetOf(self) !== undefined;
  if (hasFleet(self) && !isThere)
    enqueue.spawnChild('fleet', { id: 'fleet', input: ({ context: { name, settings } }) => ({ name, settings }) });
});

/** Lets the actor of the fleet go, so that another one can be joined. */
export const leaveFleet = stopChild<BreakerContext, BreakerEvent, undefined, BreakerEvent>('fleet');

/** The actor of a breaker's fleet, where it has joined one. */
export function fleetOf(breaker: AnyActorRef): AnyActorRef | undefined {
  return breaker.getSnapshot().children?.fleet;
}

function isFirst({ type }: { readonly type: string }): boolean {
  return type === 'xstate.init';
}

/** Whether the machine that an actor runs has been provided with a fleet. */
function hasFleet(breaker: AnyActorRef): boolean {
  const logic: unknown = Reflect.get(breaker, 'logic');
  const actors = propertyOf(propertyOf(logic, 'implementations'), 'actors');
  return propertyOf(actors, 'fleet') !== loneFleet;
}
