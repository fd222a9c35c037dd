import type { BreakerOptions, CircuitBreakerOpenError } from 'agent-circuit-breaker';
import { createTimedBreaker, type TimedBreaker } from '../half-open/half-open-breaker.ts';
import { throwing } from '../half-open/ways-out.ts';
import { type CallbackName, callbackNames, everyCallback, listenToAll } from './all-callbacks.ts';

/** Where the user's code can be hooked into a breaker: some of its options, made from one function. */
const hooks: Readonly<Record<string, (act: () => void) => BreakerOptions>> = {
  ...Object.fromEntries(callbackNames.map((name) => [name, (act: () => void) => only(name, act)])),
  'a listener of every event': () => ({}),
  onCallbackError: (act) => ({ ...everyCallback(throwing(new Error('bug'))), onCallbackError: act }),
  'onCallbackError, of a predicate': (act) => ({ failurePredicate: throwing(new Error('bug')), onCallbackError: act }),
  'onCallbackError, of a failureResult': (act) => ({
    failureResult: throwing(new Error('bug')),
    onCallbackError: act,
  }),
  failurePredicate: (act) => ({ failurePredicate: () => after(act, true) }),
  'isInstance of an excluded class': (act) => ({ excludedErrors: [askedClass(act)] }),
  failureResult: (act) => ({ failureResult: () => after(act, false) }),
  fallback: (act) => ({
    fallback: (rejection: CircuitBreakerOpenError) => {
      act();
      throw rejection;
    },
  }),
  inspect: (act) => ({ inspect: act }),
};

/** The names of all the places. */
export const hookNames: readonly string[] = Object.keys(hooks);

/** Those of them that judge errors and results. */
export const judgeNames: readonly string[] = ['failurePredicate', 'isInstance of an excluded class', 'failureResult'];

/** A breaker with a threshold of two and code of the user's in one place. */
export function createHookedBreaker(hookName: string, act: (timed: TimedBreaker) => void): TimedBreaker {
  let timed: TimedBreaker | undefined;
  const react = () => {
    if (timed) act(timed);
  };
  timed = createTimedBreaker({ failureThreshold: 2, onCallbackError: () => {}, ...hooks[hookName]?.(react) });
  if (hookName === 'a listener of every event') listenToAll(timed.breaker, react);
  return timed;
}

function only(hooked: CallbackName, act: () => void): BreakerOptions {
  return everyCallback((name) => {
    if (name === hooked) act();
  });
}

function after<T>(act: () => void, answer: T): T {
  act();
  return answer;
}

function askedClass(act: () => void) {
  return class Asked extends Error {
    static isInstance(): boolean {
      return after(act, false);
    }
  };
}
