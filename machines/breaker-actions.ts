import { assign, enqueueActions, raise } from 'xstate';
import { presentOf } from './actor-clock.ts';
import { announce, leave } from './announce.ts';
import type { BreakerContext } from './breaker-context.ts';
import type { BreakerEvent, FleetConnectionEmit } from './breaker-events.ts';
import type { BreakerActions } from './chart-types.ts';
import * as updates from './context-updates.ts';
import { countOf, drawn, inputIn, instantOf, reasonIn } from './event-facts.ts';
import * as fleet from './fleet/fleet-updates.ts';
import { joinFleet, leaveFleet } from './fleet/join-fleet.ts';
import { type FleetMessage, tellFleet } from './fleet/tell-fleet.ts';
import type { FleetConnectionEvent } from './fleet-events.ts';
import { dated } from './hidden-error.ts';
import { watchForRestores } from './resumption.ts';
import { checkCombinations } from './settings/breaker-settings.ts';

/** Every action that the chart names: it assigns, emits or raises, and does nothing else. */
export const breakerActions = {
  announce,
  leave,
  watchForRestores,
  configure: enqueueActions<BreakerContext, BreakerEvent, undefined, BreakerEvent, never, never, never, never, never>(
    ({ event }) => checkCombinations(inputIn(event)),
  ),
  dateEvent: raiseAgain((event, self) => dated(event, presentOf(self))),
  drawLot: raiseAgain(drawn),
  recordSuccess: update(updates.recordSuccess),
  recordFailure: update(updates.recordFailure),
  adoptCounts: update(updates.adoptCounts),
  startTrial: update(updates.startTrial),
  recordTrialSuccess: update(updates.recordTrialSuccess),
  releaseTrial: update(updates.releaseTrial),
  releaseExpiredTrials: update(updates.releaseExpiredTrials),
  shortenWait: update(updates.shortenWait),
  extendWait: update(updates.extendWait),
  startRamp: update(updates.startRamp),
  shortenRamp: update(updates.shortenRamp),
  skipTrial: update(updates.skipTrial),
  addHold: updateAndTell(updates.addHold, ({ context: { holds } }) => ({ type: 'node.held', holds })),
  removeHold: updateAndTell(updates.removeHold, ({ context: { holds } }) => ({ type: 'node.held', holds })),
  openCircuit: update(updates.openCircuit(updates.waitBySettings)),
  reopenCircuit: update(updates.reopenCircuit(updates.waitBySettings)),
  halfOpenCircuit: update(updates.halfOpenCircuit),
  closeCircuit: update(updates.closeCircuit),
  isolateCircuit: update(updates.isolateCircuit),
  disableCircuit: update(updates.disableCircuit),
  joinFleet,
  leaveFleet,
  connectFleet: changeConnection('fleet.connected', fleet.connectFleet),
  disconnectFleet: changeConnection('fleet.disconnected', fleet.disconnectFleet),
  noteFleet: update(fleet.noteFleet),
  adoptWait: update(fleet.adoptWait),
  takeLease: update(fleet.takeLease),
  dropLease: update(fleet.dropLease),
  dropLeasesOver: update(fleet.dropLeasesOver),
  askForLease: updateAndTell(fleet.askForLease, () => ({ type: 'trial.requested' })),
  shareFailure: updateAndTell(
    () => ({}),
    ({ event }) => ({ type: 'node.failed', count: countOf(event), reason: reasonIn(event) }),
  ),
  adoptOpening: update(fleet.adoptOpening),
  adoptReopening: update(fleet.adoptReopening),
  adoptClosing: update(fleet.adoptClosing),
  adoptIsolation: update(fleet.adoptIsolation),
} satisfies Record<keyof BreakerActions, unknown>;

function update(change: (moment: updates.Moment) => Partial<BreakerContext>) {
  return assign<BreakerContext, BreakerEvent, undefined, BreakerEvent, never>(change);
}

/** Updates the context, and tells the actor of the fleet, where there is one. */
function updateAndTell(change: (moment: updates.Moment) => Partial<BreakerContext>, message: FleetMessage) {
  return enqueueActions<BreakerContext, BreakerEvent, undefined, BreakerEvent, never, never, never, never, never>(
    ({ enqueue, self }) => {
      enqueue.assign(change);
      tellFleet(enqueue, self, message);
    },
  );
}

/** Notes whether the fleet can be reached, and emits that where it is new. */
function changeConnection(
  type: FleetConnectionEvent['type'],
  change: (moment: updates.Moment) => Partial<BreakerContext>,
) {
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

/** Sends the event once more, with what it lacked. */
function raiseAgain(complete: (event: BreakerEvent, self: object) => BreakerEvent) {
  return raise<BreakerContext, BreakerEvent, BreakerEvent, undefined, never, never>(({ event, self }) =>
    complete(event, self),
  );
}
