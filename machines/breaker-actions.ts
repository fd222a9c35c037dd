import { assign, enqueueActions, raise } from 'xstate';
import { announce, leave } from './announce.ts';
import type { BreakerContext } from './breaker-context.ts';
import type { BreakerEvent } from './breaker-events.ts';
import type { BreakerActions } from './chart-types.ts';
import * as updates from './context-updates.ts';
import { drawn, inputIn, instantOf, sentAgain } from './event-facts.ts';
import type { FleetActor } from './fleet-actor.ts';
import { dated } from './hidden-error.ts';
import { watchForRestores } from './resumption.ts';
import { checkCombinations } from './settings/breaker-settings.ts';

/**
 * What the chart has to do with a fleet is done by the fleet that is provided: see `fleetImplementations`. An action that
 * enqueues none, not a function: XState keeps functions to be run, which takes memory in every actor.
 */
function nothing<A extends FleetActor = never>() {
  return enqueueActions<BreakerContext, BreakerEvent, undefined, BreakerEvent, A, never, never, never, never>(() => {});
}

/** Every action that the chart names: it assigns, emits or raises, and does nothing else. */
export const breakerActions = {
  announce,
  leave,
  watchForRestores,
  configure: enqueueActions<BreakerContext, BreakerEvent, undefined, BreakerEvent, never, never, never, never, never>(
    ({ event }) => checkCombinations(inputIn(event)),
  ),
  dateEvent: raiseAgain((event, self) => dated(event, instantOf({ event, self }))),
  drawLot: raiseAgain(drawn),
  recordSuccess: update(updates.recordSuccess),
  recordFailure: update(updates.recordFailure),
  adoptCounts: update(updates.adoptCounts),
  startTrial: update(updates.startTrial),
  recordTrialSuccess: update(updates.recordTrialSuccess),
  recordTrialFailure: update(updates.recordTrialFailure),
  releaseTrial: update(updates.releaseTrial),
  releaseExpiredTrials: update(updates.releaseExpiredTrials),
  shortenWait: update(updates.shortenWait),
  extendWait: update(updates.extendWait),
  startRamp: update(updates.startRamp),
  shortenRamp: update(updates.shortenRamp),
  skipTrial: update(updates.skipTrial),
  addHold: update(updates.addHold),
  removeHold: update(updates.removeHold),
  openCircuit: update(updates.openCircuit(updates.waitBySettings)),
  reopenCircuit: update(updates.reopenCircuit(updates.waitBySettings)),
  halfOpenCircuit: update(updates.halfOpenCircuit),
  closeCircuit: update(updates.closeCircuit),
  isolateCircuit: update(updates.isolateCircuit),
  disableCircuit: update(updates.disableCircuit),
  disconnectFleet: update(() => ({ fleet: null })),
  joinFleet: nothing<FleetActor>(),
  leaveFleet: nothing(),
  connectFleet: nothing(),
  noteFleet: nothing(),
  completeOpening: nothing(),
  adoptWait: nothing(),
  takeLease: nothing(),
  dropLease: nothing(),
  dropLeasesOver: nothing(),
  askForLease: nothing(),
  shareFailure: nothing(),
  shareHolds: nothing(),
  adoptOpening: nothing(),
  adoptReopening: nothing(),
  adoptClosing: nothing(),
  adoptIsolation: nothing(),
} satisfies Record<keyof BreakerActions, unknown>;

function update(change: (moment: updates.Moment) => Partial<BreakerContext>) {
  return assign<BreakerContext, BreakerEvent, undefined, BreakerEvent, never>(change);
}

/** Sends the event once more, with what it lacked. */
function raiseAgain(complete: (event: BreakerEvent, self: object) => BreakerEvent) {
  return raise<BreakerContext, BreakerEvent, BreakerEvent, undefined, never, never>(({ event, self }) =>
    sentAgain(complete(event, self)),
  );
}
