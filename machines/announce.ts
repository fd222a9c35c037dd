import { type AnyActorRef, assign, type EventObject, enqueueActions } from 'xstate';
import type { BreakerContext, LeftState } from './breaker-context.ts';
import type {
  BreakerEmitted,
  BreakerEvent,
  BreakerStateName,
  EnteredEmit,
  OpenedEmit,
  ReachedThreshold,
} from './breaker-events.ts';
import { causeOf } from './cause-of.ts';
import { type ChangeCause, soundOrder } from './change-cause.ts';
import type { BreakerGuard } from './chart-types.ts';
import type { Moment } from './context-updates.ts';
import { emptyWindow } from './counting/window-counts.ts';
import { passErrorOn } from './hidden-error.ts';
import { propertyOf } from './property-of.ts';
import type { BreakerSettings } from './settings/breaker-settings.ts';

/** The state that is left or entered. */
export interface OfState {
  readonly state: BreakerStateName;
}

/** A change of state, or a state that was entered again, for those who are told of it. */
export interface Change {
  readonly left: LeftState;
  readonly to: BreakerStateName;
  readonly event: BreakerEvent;
  readonly self: AnyActorRef;
  readonly enqueue: { sendTo(target: AnyActorRef, message: (moment: Moment) => EventObject): void };
}

const enteredTypes = {
  closed: 'breaker.closed',
  open: 'breaker.opened',
  halfOpen: 'breaker.halfOpened',
  isolated: 'breaker.isolated',
  disabled: 'breaker.disabled',
} as const satisfies Record<BreakerStateName, EnteredEmit['type'] | OpenedEmit['type']>;

/** The exit of every state: notes which one is left, for the entry of the next. */
export const leave = leaving(() => null);

/** An exit that also notes by which token the fleet knows the slot of what leaves. */
export function leaving(tokenOf: (moment: Moment) => number | null) {
  return assign<BreakerContext, BreakerEvent, OfState, BreakerEvent, never>((moment, { state }) => ({
    left: { state, token: tokenOf(moment) },
  }));
}

/**
 * The entry of every state: emits `breaker.stateChanged` and the event that names the new state, and tells the parent.
 * Silent where no state was left, at the start, and where the same one is entered again.
 */
export const announce = announcing(() => {});

/** An entry that tells somebody else first. */
export function announcing(tell: (change: Change) => void) {
  return enqueueActions<
    BreakerContext,
    BreakerEvent,
    OfState,
    BreakerEvent,
    never,
    never,
    BreakerGuard,
    never,
    BreakerEmitted
  >(({ enqueue, check, context, event, self }, { state: to }) => {
    const { left, settings } = context;
    if (left === null) return;
    enqueue.assign({ left: null });
    tell({ left, to, event, self, enqueue });
    const { state: from } = left;
    if (from === to) return;
    const by = causeOf(event, from, to, () => check('opensAtOnce'));
    const order = soundOrder(propertyOf(event, 'order'));
    const { name, since: at, generation } = context;
    const change = order ? { name, at, generation, by, order } : { name, at, generation, by };
    const changed: BreakerEmitted = { type: 'breaker.stateChanged', ...change, from, to };
    const entered = enteredEvent(to, change, context, event);
    enqueue.emit(changed);
    enqueue.emit(entered);
    const parent = self._parent;
    if (!settings.notifiesParent || parent === undefined) return;
    // Not at once: the breaker is still busy, and a parent that goes on now would find no slot.
    enqueue.sendTo(parent, changed, { delay: 0 });
    enqueue.sendTo(parent, entered, { delay: 0 });
  });
}

function enteredEvent(
  to: BreakerStateName,
  change: Omit<EnteredEmit, 'type'>,
  { recoverAt, since, outage, settings }: BreakerContext,
  event: BreakerEvent,
): BreakerEmitted {
  const type = enteredTypes[to];
  if (type !== 'breaker.opened') return { type, ...change };
  const counts = outage.counts ?? emptyWindow;
  const threshold = thresholdOf(change.by, settings);
  return passErrorOn(event, { type, ...change, recoverAt: recoverAt ?? since, counts, threshold });
}

function thresholdOf(by: ChangeCause, settings: BreakerSettings): ReachedThreshold | null {
  const { failureRateThreshold, failureThreshold, trialFailureThreshold } = settings;
  if (by === 'trial') return { option: 'trialFailureThreshold', value: trialFailureThreshold };
  if (by !== 'failures' && by !== 'slowCalls') return null;
  if (failureRateThreshold !== null) return { option: 'failureRateThreshold', value: failureRateThreshold };
  return { option: 'failureThreshold', value: failureThreshold };
}
