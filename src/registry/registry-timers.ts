import type { AnyActorRef } from 'xstate';

/**
 * Has an actor system remember who has set which timers. XState looks through those of all actors whenever one of them
 * stops: with ten thousand open breakers that takes two milliseconds, and to stop them all would take twenty seconds.
 */
export function rememberTimers({ scheduler }: Pick<AnyActorRef['system'], 'scheduler'>): void {
  const idsOf = new WeakMap<AnyActorRef, Set<string | undefined>>();
  const { schedule, cancelAll } = scheduler;
  scheduler.schedule = (source, target, event, delay, id) => {
    const ids = idsOf.get(source);
    if (ids) ids.add(id);
    else idsOf.set(source, new Set([id]));
    schedule(source, target, event, delay, id);
  };
  scheduler.cancelAll = (actor) => {
    for (const id of idsOf.get(actor) ?? []) {
      // XState has made up an id of its own.
      if (id === undefined) return cancelAll(actor);
      scheduler.cancel(actor, id);
    }
  };
}
