import { type Actor, type ActorLogic, type ActorScope, type AnyActorRef, createActor, type Snapshot } from 'xstate';
import { guardInspector } from '../breaker/assemble-breaker.ts';
import type { BreakerOptions } from '../options/breaker-options.ts';
import { systemClock } from '../platform/clock.ts';
import type { UserCode } from '../platform/user-code.ts';
import { rememberTimers } from './registry-timers.ts';

/** What the actor of a registry tells: how many breakers live in its system. */
export type RegistryActorSnapshot = Snapshot<undefined> & { readonly context: { readonly size: number } };

/** A breaker has come to live in the system, or has been stopped. */
export interface RegistryEvent {
  readonly type: 'breaker.added' | 'breaker.removed' | 'xstate.stop';
}

/** The logic of a registry's actor. */
export interface RegistryLogic extends ActorLogic<RegistryActorSnapshot, RegistryEvent> {}

/**
 * The root of a registry's actor system. Its breakers are its children, but not in its snapshot: that would be copied
 * for each of them, and the ten-thousandth would cost a hundred times as much as the hundredth.
 */
const registryLogic: RegistryLogic = {
  getInitialSnapshot: () => ({ status: 'active', output: undefined, error: undefined, context: { size: 0 } }),
  transition: (snapshot, { type }) => {
    const { size } = snapshot.context;
    if (type === 'breaker.added') return { ...snapshot, context: { size: size + 1 } };
    if (type === 'breaker.removed') return { ...snapshot, context: { size: size - 1 } };
    if (type === 'xstate.stop') return { ...snapshot, status: 'stopped', error: undefined, output: undefined };
    return snapshot;
  },
  getPersistedSnapshot: (snapshot) => snapshot,
};

/** The actor system of a registry: its root, and the right to stop the children of that. */
export class RegistryActor {
  /** The parent of every breaker's actor. */
  readonly root: Actor<RegistryLogic>;
  readonly #userCode: UserCode;
  #scope: Pick<ActorScope<RegistryActorSnapshot, RegistryEvent>, 'stopChild'> | undefined;

  /** @param userCode - Runs the inspector. */
  constructor({ clock = systemClock, inspect }: Pick<BreakerOptions, 'clock' | 'inspect'>, userCode: UserCode) {
    this.#userCode = userCode;
    const start: RegistryLogic['start'] = (_snapshot, scope) => {
      this.#scope = scope;
    };
    const logic: RegistryLogic = { ...registryLogic, start };
    this.root = createActor(logic, {
      id: 'registry',
      clock,
      ...(inspect && { inspect: guardInspector(inspect, userCode) }),
    });
    rememberTimers(this.root.system);
    this.root.start();
  }

  /** Whether it has not been stopped. */
  get isActive(): boolean {
    return this.root.getSnapshot().status === 'active';
  }

  /**
   * Stops the actor of a breaker without a detour over the root: an event of that would wait for as long as the root is
   * busy, and be lost when the root is stopped.
   */
  stopChild(child: AnyActorRef): void {
    if (child.getSnapshot().status !== 'active') return;
    this.#run(() => this.#scope?.stopChild(child));
    if (this.isActive) this.#run(() => this.root.send({ type: 'breaker.removed' }));
  }

  /** Stops the root. Its children have to be stopped before. */
  stop(): void {
    this.#run(() => this.root.stop());
  }

  /** An inspector that was added to the system, not to the registry, can throw through whatever is done to an actor. */
  #run(action: () => unknown): void {
    try {
      action();
    } catch (error) {
      this.#userCode.report(error, 'inspect');
    }
  }
}
