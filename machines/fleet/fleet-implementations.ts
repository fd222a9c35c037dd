import { assign, enqueueActions, stopChild } from 'xstate';
import { announcing, type Change, leaving } from '../announce.ts';
import type { BreakerContext } from '../breaker-context.ts';
import type { BreakerEvent, FleetConnectionEmit } from '../breaker-events.ts';
import { lapseNow, type Moment } from '../context-updates.ts';
import { countOf, instantOf, reasonIn, trialOf } from '../event-facts.ts';
import { type FleetActor, type FleetLogic, fleetOf } from '../fleet-actor.ts';
import { type FleetConnectionEvent, isFleetEvent } from '../fleet-events.ts';
import { hasLapsed } from '../trials.ts';
import * as updates from './fleet-updates.ts';
import { tellFleet } from './tell-fleet.ts';

/** Spawns the actor of the fleet, unless it is there already. */
const joinFleet = enqueueActions<
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
  if (!isFirst(event) && fleetOf(self) !== undefined) return;
  enqueue.spawnChild('fleet', { id: 'fleet', input: ({ context: { name, settings } }) => ({ name, settings }) });
});

/** Tells the fleet of a change that the breaker has made by itself; a reset of a closed circuit is one, too. */
function shareChange({ left: { state: from, token }, to, event, self, enqueue }: Change): void {
  const { type: by } = event;
  if (isFleetEvent(by) || (from === to && to !== 'closed')) return;
  tellFleet(enqueue, self, ({ context: { waitMs, reopenings } }) => ({
    ...{ type: 'node.changed', from, to, by, waitMs, reopenings, token },
    reason: to === 'open' ? reasonIn(event) : null,
  }));
}

/** The token of the latest lease (an earlier one may have run out); null where what has ended had lost its slot. */
function tokenOf(moment: Moment): number | null {
  const { context, event } = moment;
  const isOfLapsed = event.type.startsWith('call.') && hasLapsed(lapseNow(moment), trialOf(event));
  return isOfLapsed ? null : (context.fleet?.leases.at(-1)?.token ?? null);
}

const actions = {
  announce: announcing(shareChange),
  leave: leaving(tokenOf),
  joinFleet,
  leaveFleet: stopChild<BreakerContext, BreakerEvent, undefined, BreakerEvent>('fleet'),
  connectFleet: changeConnection('fleet.connected', updates.connectFleet),
  disconnectFleet: changeConnection('fleet.disconnected', updates.disconnectFleet),
  noteFleet: update(updates.noteFleet),
  completeOpening: update(updates.completeOpening),
  adoptWait: update(updates.adoptWait),
  takeLease: update(updates.takeLease),
  dropLease: update(updates.dropLease),
  dropLeasesOver: update(updates.dropLeasesOver),
  adoptOpening: update(updates.adoptOpening),
  adoptReopening: update(updates.adoptReopening),
  adoptClosing: update(updates.adoptClosing),
  adoptIsolation: update(updates.adoptIsolation),
  askForLease: updateAndTell(updates.askForLease, () => ({ type: 'lease.requested' })),
  shareHolds: updateAndTell(updates.imposeLastHold, ({ context: { holds } }) => ({ type: 'node.held', holds })),
  shareFailure: updateAndTell(
    () => ({}),
    ({ event }) => ({ type: 'node.failed', count: countOf(event), reason: reasonIn(event) }),
  ),
};

/**
 * What makes the chart one of a fleet: its actor, and what the chart's actions about it do, which without one do nothing.
 * To be given as the option `fleet`, or to a machine by `.provide()`.
 */
export interface Fleet {
  readonly actors: { readonly fleet: FleetLogic };
  readonly guards: { readonly hasFleet: () => boolean; readonly isOfOpening: typeof updates.isOfOpening };
  readonly actions: typeof actions;
}

/**
 * Makes a fleet of the logic of its actor, which hears what the breaker does and tells it what the others do.
 *
 * @example
 * ```ts
 * const machine = circuitBreakerMachine.provide(fleetImplementations(logic));
 * ```
 */
export function fleetImplementations(fleet: FleetLogic): Fleet {
  return { actors: { fleet }, guards: { hasFleet: () => true, isOfOpening: updates.isOfOpening }, actions };
}

type Update = (moment: Moment) => Partial<BreakerContext>;

function update(change: Update) {
  return assign<BreakerContext, BreakerEvent, undefined, BreakerEvent, never>(change);
}

/** Updates the context, and tells the actor of the fleet. */
function updateAndTell(change: Update, message: Parameters<typeof tellFleet>[2]) {
  return enqueueActions<BreakerContext, BreakerEvent, undefined, BreakerEvent, never, never, never, never, never>(
    ({ enqueue, self }) => {
      enqueue.assign(change);
      tellFleet(enqueue, self, message);
    },
  );
}

/** Notes whether the fleet can be reached, and emits that where it is new. */
function changeConnection(type: FleetConnectionEvent['type'], change: Update) {
  const isConnected = type === 'fleet.connected';
  return enqueueActions<
    BreakerContext,
    BreakerEvent,
    undefined,
    BreakerEvent,
    never,
    never,
    never,
    never,
    FleetConnectionEmit
  >(({ enqueue, context: { name, generation, fleet: view }, event, self }) => {
    enqueue.assign(change);
    if (view?.isConnected !== isConnected) enqueue.emit({ type, name, generation, at: instantOf({ event, self }) });
  });
}

function isFirst({ type }: { readonly type: string }): boolean {
  return type === 'xstate.init';
}
