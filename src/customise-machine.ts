import type { BreakerEvent } from '../machines/breaker-events.ts';
import { BreakerOptionsError } from '../machines/breaker-options-error.ts';
import { changeState, changeStateFrom } from '../machines/change-state.ts';
import { circuitBreakerMachine } from '../machines/circuit-breaker.machine.ts';
import { openCircuit, reopenCircuit, type WaitOf } from '../machines/context-updates.ts';
import { carriesError } from '../machines/hidden-error.ts';
import { describeValue } from '../machines/option-rules.ts';
import { isWaitMs } from '../machines/recovery-wait.ts';
import type { BackoffFunction, BreakerMachineOptions } from './breaker-options.ts';
import type { JudgeError } from './judge-error.ts';
import { ignoreRejection, type UserCode } from './user-code.ts';

/** The machine behind every breaker. */
export type CircuitBreakerMachine = typeof circuitBreakerMachine;

/**
 * The machine with the user's functions that decide in their places. Where there are none it is the machine itself,
 * which any number of breakers share.
 *
 * @param judgeError - Judges errors; undefined where every error counts.
 * @param userCode - Runs the functions, so that what they throw stops no actor.
 */
export function customiseMachine(
  { recoveryBackoff }: BreakerMachineOptions,
  judgeError: JudgeError | undefined,
  userCode: UserCode,
): CircuitBreakerMachine {
  const judged = judgeError
    ? circuitBreakerMachine.provide({ guards: judgingGuards(judgeError) })
    : circuitBreakerMachine;
  if (typeof recoveryBackoff !== 'function') return judged;
  return judged.provide({ actions: openingActions(recoveryBackoff, userCode) });
}

/** The guards of a machine that judges errors; an event without one counts, since there is nothing to judge. */
function judgingGuards(judgeError: JudgeError) {
  return {
    countsAsFailure: ({ event }: { readonly event: BreakerEvent }) => !carriesError(event) || judgeError(event.error),
  };
}

/** The actions of a machine whose waits are told by a function. */
function openingActions(backoff: BackoffFunction, userCode: UserCode) {
  const waitOf: WaitOf = ({ context }, reopenings) => {
    const waitMs = userCode.value('recoveryBackoff', () => assertWait(backoff(reopenings)));
    return isWaitMs(waitMs) ? waitMs : context.settings.recoveryTimeoutMs;
  };
  return {
    openCircuit: changeState('open', openCircuit(waitOf)),
    reopenCircuit: changeStateFrom('halfOpen', 'open', reopenCircuit(waitOf)),
  };
}

function assertWait(waitMs: unknown): unknown {
  if (isWaitMs(waitMs)) return waitMs;
  ignoreRejection(waitMs);
  const wanted = 'recoveryBackoff must return milliseconds from 1 to 2147483647';
  throw new BreakerOptionsError('recoveryBackoff', `${wanted}, but returned ${describeValue(waitMs)}.`);
}
