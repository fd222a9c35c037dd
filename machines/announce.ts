import { assign, enqueueActions } from 'xstate';
import type { BreakerContext } from './breaker-context.ts';
import type { BreakerEmitted, BreakerEvent, BreakerStateName, EnteredEmit, OpenedEmit } from './breaker-events.ts';
import { passErrorOn } from './hidden-error.ts';

/** The state that is left or entered. */
export interface OfState {
  readonly state: BreakerStateName;
}

const enteredTypes = {
  closed: 'breaker.closed',
  open: 'breaker.opened',
  halfOpen: 'breaker.halfOpened',
  isolated: 'breaker.isolated',
  disabled: 'breaker.disabled',
} as const satisfies Record<BreakerStateName, EnteredEmit['type'] | OpenedEmit['type']>;

/** The exit of every state: notes which one is left, for the entry of the next. */
export const leave = assign<BreakerContext, BreakerEvent, OfState, BreakerEvent, never>(
  ({ context: { fleet } }, { state }) => ({
    // The latest lease: an earlier one may have run out.
    left: { state, token: fleet?.leases.at(-1)?.token ?? null },
  }),
);

/**
 * The entry of every state: emits `breaker.stateChanged` and the event that names the new state, and tells the parent.
 * Silent where no state was left, at the start, and where the same one is entered again.
 */
export const announce = enqueueActions<
  BreakerContext,
  BreakerEvent,
  OfState,
  BreakerEvent,
  never,
  never,
  never,
  never,
  BreakerEmitted
>(({ enqueue, context, event, self }, { state: to }) => {
  const { left, settings } = context;
  if (left === null) return;
  enqueue.assign({ left: null });
  const { state: from } = left;
  if (from === to) return;
  const changed: BreakerEmitted = { type: 'breaker.stateChanged', ...stamp(context), from, to };
  const entered = enteredEvent(to, context, event);
  enqueue.emit(changed);
  enqueue.emit(entered);
  const parent = self._parent;
  if (!settings.notifiesParent || parent === undefined) return;
  // Not at once: the breaker is still busy, and a parent that goes on now would find no slot.
  enqueue.sendTo(parent, changed, { delay: 0 });
  enqueue.sendTo(parent, entered, { delay: 0 });
});

function enteredEvent(to: BreakerStateName, context: BreakerContext, event: BreakerEvent): BreakerEmitted {
  const type = enteredTypes[to];
  if (type !== 'breaker.opened') return { type, ...stamp(context) };
  const recoverAt = context.recoverAt ?? context.since;
  return passErrorOn(event, { type, ...stamp(context), recoverAt });
}

function stamp({ name, since, generation }: BreakerContext) {
  return { name, at: since, generation };
}
