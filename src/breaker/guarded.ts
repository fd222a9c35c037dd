import type {
  ActorLogic,
  ActorSystem,
  ActorSystemInfo,
  AnyActorLogic,
  EmittedFrom,
  EventFromLogic,
  InputFrom,
  SnapshotFrom,
} from 'xstate';
import { describeValue } from '../../machines/settings/describe-value.ts';
import { ActorGuard, type BreakerSource } from './actor-guard.ts';

/** Actor logic behind a breaker: the same input, events, emitted events, snapshots and output. */
export interface GuardedLogic<TLogic extends AnyActorLogic>
  extends ActorLogic<
    SnapshotFrom<TLogic>,
    EventFromLogic<TLogic>,
    InputFrom<TLogic>,
    ActorSystem<ActorSystemInfo>,
    EmittedFrom<TLogic>
  > {}

/**
 * Puts actor logic behind a breaker: a promise, a callback, an observable or a state machine. Each actor of it asks for
 * admission when it starts. Where the circuit rejects, the actor fails at once with a `CircuitBreakerOpenError`, and
 * nothing of the logic has been started: no promise, no subscription, no entry action. An actor that is done is a
 * success (unless `failureResult` says otherwise of its output), one that fails a failure, and one that is stopped is
 * neutral. A trial holds its slot as long as the actor runs, at most for its `trialTimeout`. A state machine that is
 * already done when it is created asks for nothing.
 *
 * @param logic - The logic to guard; it is not changed.
 * @param breaker - A breaker, the actor of one, the `systemId` of such an actor in the same system, or a function of
 *   `{ input, system }` that picks one of these when an actor starts.
 * @returns Logic to invoke, spawn or run. Its `onError` gets the logic's own error, a `CircuitBreakerOpenError`, or a
 *   TypeError if there is no such breaker.
 * @throws TypeError if it is given no logic.
 *
 * @example
 * ```ts
 * const askModel = guarded(
 *   fromPromise(({ input, signal }: { input: string; signal: AbortSignal }) => callModel(input, { signal })),
 *   breaker,
 * );
 * ```
 */
export function guarded<TLogic extends AnyActorLogic>(
  logic: TLogic,
  breaker: BreakerSource<InputFrom<TLogic>>,
): GuardedLogic<TLogic> {
  if (typeof logic?.transition !== 'function')
    throw new TypeError(
      `guarded wants actor logic, such as fromPromise() makes, but was given ${describeValue(logic)}.`,
    );
  const guard = new ActorGuard(breaker);
  return {
    config: logic.config,
    getInitialSnapshot: (scope, input) => {
      guard.remember(scope.self, input);
      return logic.getInitialSnapshot(guard.watch(scope), input);
    },
    restoreSnapshot: (persisted, scope) => logic.restoreSnapshot?.(persisted, guard.watch(scope)) ?? persisted,
    getPersistedSnapshot: (snapshot, options) => logic.getPersistedSnapshot(snapshot, options),
    start: (snapshot, scope) => {
      guard.admit(scope, snapshot);
      guard.start(scope.self, () => logic.start?.(snapshot, guard.watch(scope)));
    },
    transition: (snapshot, event, scope) => {
      if (event.type === 'xstate.stop') guard.cancel(scope.self);
      let next = snapshot;
      // Once the new snapshot is committed, and before anybody hears of it.
      scope.defer(() => guard.settle(scope.self, next));
      next = guard.step(scope.self, snapshot, () => logic.transition(snapshot, event, guard.watch(scope)));
      return next;
    },
  };
}
