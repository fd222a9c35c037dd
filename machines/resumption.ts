import { type ActorLogic, type EventObject, enqueueActions, type Snapshot } from 'xstate';
import type { BreakerContext } from './breaker-context.ts';
import type { BreakerEvent } from './breaker-events.ts';

/** What a `resumption` actor remembers. */
export type ResumptionSnapshot = Snapshot<undefined> & {
  /** The event that makes the parent look at its clock. */
  readonly wakeUp: EventObject;
  readonly isRestored: boolean;
};

/** The logic of `resumption`; its input is the event that wakes the parent. */
export interface Resumption extends ActorLogic<ResumptionSnapshot, EventObject, EventObject> {}

/**
 * An actor that is silent in its first life and wakes its parent in every later one. XState neither persists nor restarts
 * `after` timers, but it does restart children: after a restore this one sends `input` to the parent, which then judges
 * the time and waits for what is left.
 */
export const resumption: Resumption = {
  transition: (snapshot) => snapshot,
  getInitialSnapshot: (_scope, wakeUp) => ({
    status: 'active',
    output: undefined,
    error: undefined,
    wakeUp,
    isRestored: false,
  }),
  getPersistedSnapshot: (snapshot) => ({ ...snapshot, isRestored: true }),
  start: ({ isRestored, wakeUp }, { self }) => {
    if (isRestored) self._parent?.send(wakeUp);
  },
};

/** The actor `resumption`, as the machine knows it. */
export interface ResumptionActor {
  readonly src: 'resumption';
  readonly logic: Resumption;
  readonly id: 'resumption';
}

/** Spawns the one `resumption` of a breaker's life, when it has to wait first. Its word is: look at your clock. */
export const watchForRestores = enqueueActions<
  BreakerContext,
  BreakerEvent,
  undefined,
  BreakerEvent,
  ResumptionActor,
  never,
  never,
  never,
  never
>(({ enqueue, self }) => {
  if (self.getSnapshot().children?.resumption === undefined)
    enqueue.spawnChild('resumption', { id: 'resumption', input: { type: 'recovery.elapsed' } });
});
