import type { ActionExecutor, ActorSystem, ActorSystemInfo, Snapshot } from 'xstate';
import { describeValue } from '../machines/option-rules.ts';
import { attachBreaker } from './attach-breaker.ts';
import type { BreakerActorRef } from './chart-link.ts';
import { CircuitBreaker } from './circuit-breaker.ts';
import type { Permit } from './permit.ts';

/** A breaker, the actor of one, or the `systemId` of such an actor. */
export type BreakerReference = CircuitBreaker | BreakerActorRef | string;

/** What a function that picks a breaker is told. */
export interface BreakerChoice<TInput> {
  /** The input of the guarded actor; undefined where a state machine was restored, which does not store its input. */
  readonly input: TInput;
  /** The actor system that the guarded actor lives in. */
  readonly system: ActorSystem<ActorSystemInfo>;
}

/** Which breaker guards an actor: one for all, or one that is picked when an actor starts. */
export type BreakerSource<TInput> = BreakerReference | ((choice: BreakerChoice<TInput>) => BreakerReference);

/** What is used of an actor's scope. */
interface Scope {
  readonly self: object;
  readonly system: ActorSystem<ActorSystemInfo>;
  readonly actionExecutor: ActionExecutor;
}

/** Holds a permit for every actor that runs behind a breaker, and settles it by how the actor ends. */
export class ActorGuard<TInput> {
  readonly #source: BreakerSource<TInput>;
  readonly #inputs = new WeakMap<object, TInput>();
  readonly #permits = new WeakMap<object, Permit>();
  readonly #facades = new WeakMap<object, CircuitBreaker>();

  constructor(source: BreakerSource<TInput>) {
    this.#source = source;
  }

  /** Keeps the input of an actor until it starts. */
  remember(self: object, input: TInput): void {
    this.#inputs.set(self, input);
  }

  /**
   * Asks for admission. What it throws is what the actor fails to start with.
   *
   * @param snapshot - The actor's snapshot; one that has ended already needs no admission.
   * @throws CircuitBreakerOpenError when the circuit rejects; TypeError where there is no such breaker.
   */
  admit({ self, system }: Scope, snapshot: unknown): void {
    if (!isSnapshot(snapshot) || snapshot.status !== 'active') return;
    const choice = { input: this.#inputs.get(self) ?? snapshot.input, system };
    this.#inputs.delete(self);
    const source = this.#source;
    const reference = typeof source === 'function' && isChoice<TInput>(choice) ? source(choice) : source;
    this.#permits.set(self, this.#facadeOf(reference, system).acquire());
  }

  /** Runs a part of the actor's own logic; what it throws is a failure of the actor. */
  run<R>(self: object, code: () => R): R {
    try {
      return code();
    } catch (error) {
      this.#permits.get(self)?.fail(error);
      throw error;
    }
  }

  /** Settles the permit of an actor that has ended by its last snapshot; one that was stopped is neutral. */
  settle(self: object, snapshot: unknown): void {
    const permit = this.#permits.get(self);
    if (permit === undefined || !isSnapshot(snapshot)) return;
    if (snapshot.status === 'done') permit.succeed();
    else if (snapshot.status === 'error') permit.fail(snapshot.error);
    else if (snapshot.status === 'stopped') permit.cancel();
  }

  /** A scope in which an action of a state machine that throws is a failure of the actor, too. */
  watch<S extends Scope>(scope: S): S {
    const actionExecutor: ActionExecutor = (action) => {
      const { exec } = action;
      if (exec === undefined) return scope.actionExecutor(action);
      return scope.actionExecutor({
        ...action,
        exec: (info, params) => this.run(scope.self, () => exec(info, params)),
      });
    };
    return { ...scope, actionExecutor };
  }

  #facadeOf(reference: unknown, system: ActorSystem<ActorSystemInfo>): CircuitBreaker {
    if (reference instanceof CircuitBreaker) return reference;
    const actor = typeof reference === 'string' ? system.get(reference) : reference;
    if (!isActor(actor))
      throw new TypeError(
        typeof reference === 'string'
          ? `There is no breaker with the systemId ${JSON.stringify(reference)} in this actor system.`
          : `guarded wants a CircuitBreaker, the actor of one or its systemId, but was given ${describeValue(reference)}.`,
      );
    const facade = this.#facades.get(actor) ?? attachBreaker(actor);
    this.#facades.set(actor, facade);
    return facade;
  }
}

/** Snapshots of promises, callbacks and observables bring their input; those of state machines do not. */
function isSnapshot(value: unknown): value is Snapshot<unknown> & { readonly input?: unknown } {
  return typeof value === 'object' && value !== null && 'status' in value;
}

/** For the type only: the input of an actor is what its logic wants, or what was stored of it. */
function isChoice<TInput>(_choice: unknown): _choice is BreakerChoice<TInput> {
  return true;
}

/** Whether it runs a breaker is checked when a facade is put over it. */
function isActor(value: unknown): value is BreakerActorRef {
  return typeof value === 'object' && value !== null;
}
