import type { ActorLogic, EventObject, Snapshot } from 'xstate';

/** What a `resumption` actor remembers. */
export type ResumptionSnapshot = Snapshot<undefined> & {
  /** The event that makes the parent look at its clock. */
  readonly wakeUp: EventObject;
  readonly isRestored: boolean;
};

/** The logic of `resumption`; its input is the event that wakes the parent. */
export interface Resumption extends ActorLogic<ResumptionSnapshot, EventObject, EventObject> {}

/**
 * An invoked actor that is silent in its first life and wakes its parent in every later one. XState
 * neither persists nor restarts `after` timers, but it does restart invoked actors: after a restore this
 * one sends `input` to the parent, which then judges the time and waits for what is left.
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
