import { type AnyActorRef, createActor, type InspectionEvent } from 'xstate';
import { lotOf, presentOf } from '../../machines/actor-clock.ts';
import { callFailed } from '../../machines/hidden-error.ts';
import { propertyOf } from '../../machines/property-of.ts';
import { Caller } from '../calls/caller.ts';
import type { BreakerActorRef } from '../circuit/chart-link.ts';
import { Circuit } from '../circuit/circuit.ts';
import type { ResultJudge } from '../circuit/circuit-parts.ts';
import { Totals } from '../circuit/totals.ts';
import { type CircuitBreakerMachine, customiseMachine } from '../machine/customise-machine.ts';
import { createErrorJudge, type ErrorJudge, isJudgement, judgementIn } from '../machine/judge-error.ts';
import { inputOf } from '../machine/machine-input.ts';
import type { AttachOptions, BreakerCallbacks, BreakerOptions } from '../options/breaker-options.ts';
import { checkAttachOptions } from '../options/check-options.ts';
import { type BreakerClock, systemClock } from '../platform/clock.ts';
import { UserCode } from '../platform/user-code.ts';
import { assertRunsBreaker } from './assert-runs-breaker.ts';
import { restoreSnapshot } from './restore-breaker.ts';

/** Where the actors of several breakers live, and what they share. */
export interface BreakerHome {
  readonly parent: AnyActorRef;
  /** Whether somebody inspects the system, so that every outcome has to be sent at once. */
  readonly isObserved: boolean;
  readonly machine: CircuitBreakerMachine;
  /** Judges errors the way the machine does. */
  readonly errorJudge: ErrorJudge | undefined;
}

/**
 * Puts a breaker with an actor of its own together. Breakers without functions to judge with share one machine.
 *
 * @param options - Checked already, by whoever was given them.
 * @param home - Where its actor is to live; left out, it has a system of its own.
 * @throws BreakerOptionsError if a snapshot does not fit.
 */
export function assembleBreaker(options: BreakerOptions, home?: BreakerHome): Caller {
  const { onCallbackError, failureResult, inspect, snapshot } = options;
  const userCode = new UserCode(onCallbackError);
  const errorJudge = home ? home.errorJudge : createErrorJudge(options, userCode);
  const machine = home?.machine ?? customiseMachine(options, errorJudge, userCode);
  const input = inputOf(options);
  const clock = clockOf(home?.parent ?? options);
  const actor = createActor(machine, {
    id: options.name ?? snapshot?.name ?? 'breaker',
    input,
    ...(home ? { parent: home.parent } : { clock: options.clock ?? systemClock }),
    ...(inspect && { inspect: guardInspector(inspect, userCode) }),
    ...(snapshot && { snapshot: restoreSnapshot(machine, snapshot, input, clock) }),
  });
  actor.start();
  home?.parent.send({ type: 'breaker.added' });
  const { recoverAt } = actor.getSnapshot().context;
  // XState restores no timers. Asked before it is due, the chart sets its timer for what is left of the wait.
  if (recoverAt !== null) actor.send({ type: 'recovery.elapsed', at: Math.min(clock.now(), recoverAt - 1) });
  if (snapshot && options.fleet) actor.send({ type: 'fleet.join' });
  const isObserved =
    inspect !== undefined || home?.isObserved === true || options.fleet?.actors.fleet.sharesFailures === true;
  const judgeResult = createResultJudge(failureResult, errorJudge, userCode);
  const totals = new Totals(snapshot?.totals);
  const circuit = new Circuit({ ...{ actor, clock, isObserved, errorJudge, judgeResult, totals, userCode } });
  addCallbacks(circuit, options);
  return new Caller(circuit, options, home ? undefined : actor);
}

/**
 * Puts a breaker over somebody else's actor together.
 *
 * @throws BreakerOptionsError if an option is wrong; TypeError if the actor does not run a breaker's machine.
 */
export function assembleAttachment(actor: BreakerActorRef, options: AttachOptions): Caller {
  checkAttachOptions(options);
  assertRunsBreaker(actor, 'attachBreaker');
  assertStarted(actor);
  const { onCallbackError } = options;
  const clock = clockOf(options.clock ? options : actor);
  const userCode = new UserCode(onCallbackError);
  const circuit = new Circuit({
    ...{ actor, clock, isObserved: true, errorJudge: judgeOf(actor, userCode), judgeResult: undefined },
    ...{ totals: new Totals(), userCode },
  });
  addCallbacks(circuit, options);
  return new Caller(circuit, options, undefined);
}

/** An actor that was not started takes its events only later, so that no call would be counted until then. */
function assertStarted(actor: BreakerActorRef): void {
  // XState tells it nowhere else: a snapshot is active from the beginning.
  if (propertyOf(actor, '_processingStatus') === 0)
    throw new TypeError(`attachBreaker needs an actor that has been started: call start() on "${actor.id}" first.`);
}

/** Turns `failureResult` into what tells what a value means; of which kind one is that is but a failure, `classifyError` tells. */
function createResultJudge(
  failureResult: BreakerOptions['failureResult'],
  errorJudge: ErrorJudge | undefined,
  userCode: UserCode,
): ResultJudge | undefined {
  if (failureResult === undefined) return undefined;
  return (result) => {
    const answer = userCode.value('failureResult', () => failureResult(result));
    if (isJudgement(answer)) return judgementIn(answer, 'failureResult', userCode);
    return answer ? { counts: true, kind: errorJudge?.classify(result)?.kind } : undefined;
  };
}

function addCallbacks(circuit: Circuit, options: BreakerCallbacks): void {
  const { onStateChange, onOpen, onClose, onHalfOpen, onIsolate } = options;
  const { onSuccess, onFailure, onReject, onSettle } = options;
  if (onStateChange) circuit.listen('stateChange', onStateChange, 'onStateChange');
  if (onOpen) circuit.listen('open', onOpen, 'onOpen');
  if (onClose) circuit.listen('close', onClose, 'onClose');
  if (onHalfOpen) circuit.listen('halfOpen', onHalfOpen, 'onHalfOpen');
  if (onIsolate) circuit.listen('isolate', onIsolate, 'onIsolate');
  if (onSuccess) circuit.listen('success', onSuccess, 'onSuccess');
  if (onFailure) circuit.listen('failure', onFailure, 'onFailure');
  if (onReject) circuit.listen('reject', onReject, 'onReject');
  if (onSettle) circuit.listen('settle', onSettle, 'onSettle');
}

/** An inspector that throws would throw out of `createActor` and `send`. */
export function guardInspector(inspect: NonNullable<BreakerOptions['inspect']>, userCode: UserCode) {
  return (event: InspectionEvent) =>
    userCode.run('inspect', () => (typeof inspect === 'function' ? inspect(event) : inspect.next?.(event)));
}

/**
 * Judges an error by the guard of the actor's machine, for those that the chart itself does not judge because they
 * come too late. Undefined for a guard that is composed of others, which only XState can ask.
 */
function judgeOf(actor: BreakerActorRef, userCode: UserCode): ErrorJudge | undefined {
  const guards = propertyOf(propertyOf(propertyOf(actor, 'logic'), 'implementations'), 'guards');
  const guard = propertyOf(guards, 'countsAsFailure');
  if (typeof guard !== 'function' || 'check' in guard) return undefined;
  const judge = (error: unknown) => ({
    counts: userCode.ask('countsAsFailure', true, () =>
      guard({ context: actor.getSnapshot().context, event: callFailed(error) }),
    ),
  });
  return { judge, classify: () => undefined, takeLatest: () => undefined };
}

/**
 * The clock of an actor, or of options, made safe: where it tells no time, as XState's own does not, or no number, the
 * platform's clock does. Without a clock it is the system clock.
 */
function clockOf(owner: object): BreakerClock {
  const clock = propertyOf(owner, 'clock');
  if (clock === systemClock || !isTimerSource(clock)) return systemClock;
  const now: unknown = propertyOf(clock, 'now');
  const isSystemTime = typeof now !== 'function' || now === systemClock.now;
  return {
    now: isSystemTime ? systemClock.now : () => presentOf(owner),
    setTimeout: (callback, ms) => clock.setTimeout(callback, ms),
    clearTimeout: (timer) => clock.clearTimeout(timer),
    random: () => lotOf({ clock }),
  };
}

function isTimerSource(clock: unknown): clock is Omit<BreakerClock, 'now'> {
  return (
    typeof propertyOf(clock, 'setTimeout') === 'function' && typeof propertyOf(clock, 'clearTimeout') === 'function'
  );
}
