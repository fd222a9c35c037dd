import type { ActorLogic, AnyActorRef, Snapshot } from 'xstate';

/** What the actor of a registry tells: how many breakers live in its system. */
export type RegistrySnapshot = Snapshot<undefined> & { readonly context: { readonly size: number } };

/** A breaker has come to live in the system, or is to be stopped. */
export interface RegistryEvent {
  readonly type: 'breaker.added' | 'breaker.removed' | 'xstate.stop';
  readonly breaker?: AnyActorRef | undefined;
}

/** The logic of a registry's actor. */
export interface RegistryLogic extends ActorLogic<RegistrySnapshot, RegistryEvent> {}

/**
 * The root of a registry's actor system. Its breakers are its children, but not in its snapshot: that would be copied
 * for each of them, and the ten-thousandth would cost a hundred times as much as the hundredth.
 */
export const registryLogic: RegistryLogic = {
  getInitialSnapshot: () => ({ status: 'active', output: undefined, error: undefined, context: { size: 0 } }),
  transition: (snapshot, { type, breaker }, scope) => {
    const { size } = snapshot.context;
    if (type === 'breaker.added') return { ...snapshot, context: { size: size + 1 } };
    if (type === 'xstate.stop') return { ...snapshot, status: 'stopped', error: undefined, output: undefined };
    if (type !== 'breaker.removed' || breaker === undefined) return snapshot;
    scope.defer(() => scope.stopChild(breaker));
    return { ...snapshot, context: { size: size - 1 } };
  },
  getPersistedSnapshot: (snapshot) => snapshot,
};
