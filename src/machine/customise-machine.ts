import { assign } from 'xstate';
import type { BreakerEvent } from '../../machines/breaker-events.ts';
import * as guards from '../../machines/breaker-guards.ts';
import { circuitBreakerMachine } from '../../machines/circuit-breaker.machine.ts';
import * as updates from '../../machines/context-updates.ts';
import type { Fleet } from '../../machines/fleet/fleet-implementations.ts';
import { callFailed, carriesError } from '../../machines/hidden-error.ts';
import { isWaitMs } from '../../machines/recovery-wait.ts';
import { BreakerOptionsError } from '../../machines/settings/breaker-options-error.ts';
import { describeValue } from '../../machines/settings/describe-value.ts';
import { ignoreRejection, type UserCode } from '../platform/user-code.ts';
import type { ErrorJudge } from './judge-error.ts';
import type { BackoffFunction, BreakerMachineOptions } from './machine-options.ts';

/** The machine behind every breaker. */
export type CircuitBreakerMachine = typeof circuitBreakerMachine;

/**
 * The machine with the user's functions that decide in their places. Where there are none it is the machine itself,
 * which any number of breakers share.
 *
 * @param errorJudge - Judges errors; undefined where every error counts.
 * @param userCode - Runs the functions, so that what they throw stops no actor.
 */
export function customiseMachine(
  { recoveryBackoff, classifyError, fleet }: BreakerMachineOptions,
  errorJudge: ErrorJudge | undefined,
  userCode: UserCode,
): CircuitBreakerMachine {
  const sharing = fleet ? machineOf(fleet) : circuitBreakerMachine;
  const judged = errorJudge ? sharing.provide({ guards: judgingGuards(errorJudge) }) : sharing;
  const isTimed = typeof recoveryBackoff === 'function';
  if (!isTimed && !classifyError) return judged;
  const waitOf = isTimed ? waitBy(recoveryBackoff, userCode) : updates.waitBySettings;
  const advise: Advise = errorJudge && classifyError ? adviseBy(errorJudge) : (moment) => moment;
  const open = updates.openCircuit(waitOf);
  const reopen = updates.reopenCircuit(waitOf);
  return judged.provide({
    guards: {
      opensAtOnce: (question) => guards.opensAtOnce(advise(question)),
      asksForLongerWait: (question) => guards.asksForLongerWait(advise(question)),
    },
    actions: {
      openCircuit: assign((moment) => open(advise(moment))),
      reopenCircuit: assign((moment) => reopen(advise(moment))),
      extendWait: assign((moment) => updates.extendWait(advise(moment))),
    },
  });
}

/**
 * The machines of fleets. A memo: a fleet is handed to any number of breakers, and each machine that is provided with one
 * anew would take as much memory as a dozen breakers.
 */
const machines = new WeakMap<Fleet, CircuitBreakerMachine>();

function machineOf(fleet: Fleet): CircuitBreakerMachine {
  const machine = machines.get(fleet) ?? circuitBreakerMachine.provide(fleet);
  machines.set(fleet, machine);
  return machine;
}

/** The guards of a machine that judges errors; an event without one counts, since there is nothing to judge. */
function judgingGuards(errorJudge: ErrorJudge) {
  return {
    countsAsFailure: ({ event }: { readonly event: BreakerEvent }) =>
      !carriesError(event) || errorJudge.judge(event.error).counts,
  };
}

/** Adds to the event of a failure what its error asks for. */
type Advise = <M extends { readonly event: BreakerEvent }>(moment: M) => M;

/** What the event itself asks for goes before what is made of its error. */
function adviseBy(errorJudge: ErrorJudge): Advise {
  return (moment) => {
    const { event } = moment;
    if (event.type !== 'call.failed' || !carriesError(event)) return moment;
    const { openFor, opensAtOnce: openNow } = errorJudge.classify(event.error) ?? {};
    const { error, ...details } = event;
    return { ...moment, event: callFailed(error, { openFor, openNow, ...details }) };
  };
}

/** The waits that a function tells. */
function waitBy(backoff: BackoffFunction, userCode: UserCode): updates.WaitOf {
  return ({ context }, reopenings) => {
    const waitMs = userCode.value('recoveryBackoff', () => assertWait(backoff(reopenings)));
    return isWaitMs(waitMs) ? waitMs : context.settings.recoveryTimeoutMs;
  };
}

function assertWait(waitMs: unknown): unknown {
  if (isWaitMs(waitMs)) return waitMs;
  ignoreRejection(waitMs);
  const wanted = 'recoveryBackoff must return milliseconds from 1 to 2147483647';
  throw new BreakerOptionsError('recoveryBackoff', `${wanted}, but returned ${describeValue(waitMs)}.`);
}
