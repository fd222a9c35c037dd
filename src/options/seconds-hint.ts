import type { BreakerOptions } from './breaker-options.ts';

/** Up to where a whole number looks like the seconds that a model needs to answer, or to recover. */
const mostSeconds = { recoveryTimeout: 120, failureWindow: 120, trialTimeout: 120, timeout: 60 } as const;

const durations = ['recoveryTimeout', 'failureWindow', 'trialTimeout', 'timeout'] as const;

/**
 * Makes a function that warns, once, of a duration that looks like one in seconds. It says nothing where a clock is given:
 * whoever moves the time makes it short.
 *
 * @param warn - Gets the warning.
 */
export function createSecondsHint(
  warn: (message: string) => void,
): (options: Omit<BreakerOptions, 'snapshot'>) => void {
  let hasWarned = false;
  return (options) => {
    if (hasWarned || options.clock !== undefined) return;
    const suspicious = durations.find((name) => looksLikeSeconds(options[name], mostSeconds[name]));
    if (suspicious === undefined) return;
    hasWarned = true;
    const value = options[suspicious];
    warn(
      `agent-circuit-breaker: ${suspicious} is ${value} ms. Durations are in milliseconds: if ${value} seconds are ` +
        `meant, it is ${Number(value) * 1000}.`,
    );
  };
}

/** Less than five is what is written where time is to play no part. */
function looksLikeSeconds(value: unknown, most: number): boolean {
  return typeof value === 'number' && Number.isInteger(value) && value >= 5 && value <= most;
}

/** Warns once in a process. */
export const hintAtSeconds: (options: Omit<BreakerOptions, 'snapshot'>) => void = /* @__PURE__ */ createSecondsHint(
  (message) => console.warn(message),
);
