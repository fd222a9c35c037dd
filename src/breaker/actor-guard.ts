import type { ActionExecutor, ActorSystem, ActorSystemInfo, Snapshot } from 'xstate';
import { propertyOf } from '../../machines/property-of.ts';
import { describeValue } from '../../machines/settings/describe-value.ts';
import type { Permit } from '../calls/permit.ts';
import type { BreakerActorRef } from '../circuit/chart-link.ts';
import { attachBreaker } from './attach-breaker.ts';
import type { Breaker } from './breaker.ts';
import { isBreaker } from './is-breaker.ts';

/** A breaker, the actor of one, or the `systemId` of such an actor. */
export type BreakerReference = Breaker | BreakerActorRef | string;

/** What a function that picks a breaker is told. */
export interface BreakerChoice<TInput> {
  /** The input of the guarded actor; undefined where a state machine was restored, which does not store its input. */
  readonly input: TInput;
  /** The actor system that the guarded actor lives in. */
  readonly system: ActorSystem<ActorSystemInfo>;
}

/** Which breaker guards an actor: one for all, or one that is picked when an actor starts. */
export type BreakerSource<TInput> =
  | BreakerReference
  | ((choice: BreakerChoice<TInput>) => BreakerReference | undefined);

// One facade for each actor, however many logics it guards: all of them know why the circuit has opened.
const facades = new WeakMap<BreakerActorRef, Breaker>();

/** What is used of an actor's scope. */
interface Scope {
  readonly self: object;
  readonly system: ActorSystem<ActorSystemInfo>;
  readonly actionExecutor: ActionExecutor;
  readonly defer: (task: () => void) => void;
}

/** Holds a permit for every actor that runs behind a breaker, and settles it by how the actor ends. */
export class ActorGuard<TInput> {
  readonly #source: BreakerSource<TInput>;
  readonly #inputs = new WeakMap<object, TInput>();
  readonly #permits = new WeakMap<object, Permit>();
  readonly #children = new WeakSet<object>();

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
    const choice = { input: this.#inputs.has(self) ? this.#inputs.get(self) : snapshot.input, system };
    this.#inputs.delete(self);
    const source = this.#source;
    const reference = typeof source === 'function' && isChoice<TInput>(choice) ? source(choice) : source;
    this.#permits.set(self, facadeOf(reference, system).acquire());
    if (isInParent(self)) this.#children.add(self);
  }

  /** Runs what starts the actor's own logic; what it throws is a failure. */
  start<R>(self: object, code: () => R): R {
    try {
      return code();
    } catch (error) {
      // Nobody is to hear of the failure before the actor's parent does.
      queueMicrotask(() => this.#permits.get(self)?.fail(error));
      throw error;
    }
  }

  /** Takes a step of the actor's own logic; what it throws is a failure of the actor. */
  step<S extends object>(self: object, snapshot: S, code: () => S): S {
    try {
      return code();
    } catch (error) {
      this.#permits.get(self)?.fail(error);
      if (!this.#isLetGo(self)) throw error;
      return { ...snapshot, ...stopped };
    }
  }

  /** Settles the permit of an actor that has ended by its last snapshot. */
  settle(self: object, snapshot: unknown): void {
    const permit = this.#permits.get(self);
    if (permit === undefined || permit.settled || !isSnapshot(snapshot)) return;
    if (snapshot.status === 'done') permit.succeed(snapshot.output);
    else if (snapshot.status === 'error') permit.fail(snapshot.error);
    // XState would tell the parent of the end of a child that it has just let go of, and an error would end it.
    if (permit.settled && this.#isLetGo(self)) Object.assign(snapshot, stopped);
  }

  /** Settles the permit of an actor that is stopped: that is neutral. */
  cancel(self: object): void {
    this.#permits.get(self)?.cancel();
  }

  /** A scope in which an entry action of a state machine that throws when it starts is a failure of the actor, too. */
  watch<S extends Scope>(scope: S): S {
    const actionExecutor: ActionExecutor = (action) => {
      const { exec } = action;
      if (exec === undefined) return scope.actionExecutor(action);
      return scope.actionExecutor({
        ...action,
        exec: (info, params) => this.start(scope.self, () => exec(info, params)),
      });
    };
    // XState before 5.19 has no executor and defers such an action.
    return { ...scope, actionExecutor, defer: (task) => scope.defer(() => this.start(scope.self, task)) };
  }

  /** Whether the actor's parent has had enough of it, because of what it heard when the permit was settled. */
  #isLetGo(self: object): boolean {
    return this.#children.has(self) && !isInParent(self);
  }
}

const stopped = { status: 'stopped', output: undefined, error: undefined } as const;

function isInParent(self: object): boolean {
  const parent = propertyOf(self, '_parent');
  const getSnapshot = propertyOf(parent, 'getSnapshot');
  const snapshot = typeof getSnapshot === 'function' ? getSnapshot.call(parent) : undefined;
  return propertyOf(propertyOf(snapshot, 'children'), String(propertyOf(self, 'id'))) === self;
}

function facadeOf(reference: unknown, system: ActorSystem<ActorSystemInfo>): Breaker {
  if (isBreaker(reference)) return reference;
  const actor = typeof reference === 'string' ? system.get(reference) : reference;
  if (!isActor(actor))
    throw new TypeError(
      typeof reference === 'string'
        ? `There is no breaker with the systemId ${JSON.stringify(reference)} in this actor system.`
        : `guarded wants a CircuitBreaker, the actor of one or its systemId, but was given ${describeValue(reference)}.`,
    );
  const facade = facades.get(actor) ?? attachBreaker(actor);
  facades.set(actor, facade);
  return facade;
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
