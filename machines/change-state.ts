import { enqueueActions } from 'xstate';
import type { BreakerContext } from './breaker-context.ts';
import type { BreakerEmitted, BreakerEvent, BreakerStateName, EnteredEmit, OpenedEmit } from './breaker-events.ts';
import type { Moment } from './context-updates.ts';
import { reasonIn } from './event-facts.ts';
import { tellFleet } from './fleet/tell-fleet.ts';
import { isFleetEvent } from './fleet-events.ts';
import { passErrorOn } from './hidden-error.ts';

/** The name of the event that tells which state was entered. */
type EnteredType = EnteredEmit['type'] | OpenedEmit['type'];

const entered = {
  closed: 'breaker.closed',
  open: 'breaker.opened',
  halfOpen: 'breaker.halfOpened',
  isolated: 'breaker.isolated',
  disabled: 'breaker.disabled',
} as const satisfies Record<BreakerStateName, EnteredType>;

type UpdateContext = (moment: Moment) => Partial<BreakerContext>;

/**
 * An action that goes with every change of state: it updates the context, then emits
 * `breaker.stateChanged` and the event that names the new state. Its parameter says where the change
 * comes from.
 *
 * @param to - The state that is entered.
 * @param update - What changes in the context.
 */
export function changeState(to: BreakerStateName, update: UpdateContext) {
  return changingAction<{ readonly from: BreakerStateName }>(to, update, ({ from }) => from);
}

/** Like `changeState`, where the change can only come from one state. */
export function changeStateFrom(from: BreakerStateName, to: BreakerStateName, update: UpdateContext) {
  return changingAction<undefined>(to, update, () => from);
}

function changingAction<P extends { readonly from: BreakerStateName } | undefined>(
  to: BreakerStateName,
  update: UpdateContext,
  originOf: (params: P) => BreakerStateName,
) {
  return enqueueActions<BreakerContext, BreakerEvent, P, BreakerEvent, never, never, never, never, BreakerEmitted>(
    ({ enqueue, context: { settings, fleet }, event: { type: by }, self }, params) => {
      const from = originOf(params);
      // The latest lease: an earlier one may have run out.
      const token = fleet?.leases.at(-1)?.token ?? null;
      const changed = ({ context }: Pick<Moment, 'context'>): BreakerEmitted => ({
        ...{ type: 'breaker.stateChanged', ...stamp(context) },
        ...{ from, to },
      });
      const entered = ({ context, event }: Moment) => enteredEvent(to, context, event);
      enqueue.assign(update);
      enqueue.emit(changed);
      enqueue.emit(entered);
      if (!isFleetEvent(by))
        tellFleet(enqueue, self, ({ context: { waitMs, reopenings }, event }) => ({
          ...{ type: 'node.changed', from, to, by, waitMs, reopenings, token },
          reason: to === 'open' ? reasonIn(event) : null,
        }));
      const parent = self._parent;
      if (!settings.notifiesParent || parent === undefined) return;
      // Not at once: the breaker is still busy, and a parent that goes on now would find no slot.
      enqueue.sendTo(parent, changed, { delay: 0 });
      enqueue.sendTo(parent, entered, { delay: 0 });
    },
  );
}

function enteredEvent(to: BreakerStateName, context: BreakerContext, event: BreakerEvent): BreakerEmitted {
  const type = entered[to];
  if (type !== 'breaker.opened') return { type, ...stamp(context) };
  const recoverAt = context.recoverAt ?? context.since;
  return passErrorOn(event, { type, ...stamp(context), recoverAt });
}

function stamp({ name, since, generation }: BreakerContext) {
  return { name, at: since, generation };
}
