import { assign, enqueueActions, raise } from 'xstate';
import { presentOf } from './actor-clock.ts';
import type { BreakerContext } from './breaker-context.ts';
import type { BreakerEvent } from './breaker-events.ts';
import { checkCombinations } from './breaker-settings.ts';
import { changeState, changeStateFrom } from './change-state.ts';
import * as updates from './context-updates.ts';
import { drawn, inputIn } from './event-facts.ts';
import { dated } from './hidden-error.ts';

/** Every action that the chart names: it assigns, emits or raises, and does nothing else. */
export const breakerActions = {
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
  addHold: update(updates.addHold),
  removeHold: update(updates.removeHold),
  resetCounts: update(updates.closeCircuit),
  openCircuit: changeState('open', updates.openCircuit(updates.waitBySettings)),
  reopenCircuit: changeStateFrom('halfOpen', 'open', updates.reopenCircuit(updates.waitBySettings)),
  halfOpenCircuit: changeStateFrom('open', 'halfOpen', updates.halfOpenCircuit),
  closeCircuit: changeState('closed', updates.closeCircuit),
  isolateCircuit: changeState('isolated', updates.isolateCircuit),
  disableCircuit: changeState('disabled', updates.disableCircuit),
};

function update(change: (moment: updates.Moment) => Partial<BreakerContext>) {
  return assign<BreakerContext, BreakerEvent, undefined, BreakerEvent, never>(change);
}

/** Sends the event once more, with what it lacked. */
function raiseAgain(complete: (event: BreakerEvent, self: object) => BreakerEvent) {
  return raise<BreakerContext, BreakerEvent, BreakerEvent, undefined, never, never>(({ event, self }) =>
    complete(event, self),
  );
}
