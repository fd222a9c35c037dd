import { lotOf } from '../../machines/actor-clock.ts';
import type { FailureJudgement } from '../machine/judge-error.ts';
import { type BreakerClock, keepAwake } from '../platform/clock.ts';

/** What passes by itself within seconds. */
const passingKinds: readonly unknown[] = ['rateLimit', 'overloaded', 'serverError', 'connection'];
const longestHintMs = 10_000;
const firstPauseMs = 500;

/**
 * How long to wait before the same candidate is asked again; undefined where that is of no use.
 *
 * @param retry - Which repetition it would be, from 1.
 */
export function retryPauseOf(
  { kind, retryAfterMs, openFor }: FailureJudgement,
  retry: number,
  clock: BreakerClock,
): number | undefined {
  if (!passingKinds.includes(kind)) return undefined;
  const hintMs = retryAfterMs ?? openFor ?? 0;
  if (hintMs > longestHintMs) return undefined;
  return hintMs > 0 ? hintMs : firstPauseMs * 2 ** (retry - 1) * (0.75 + lotOf({ clock }) / 2);
}

/** Waits by a breaker's clock, or until one of the signals is aborted. */
export function pause(clock: BreakerClock, ms: number, signals: readonly (AbortSignal | undefined)[]): Promise<void> {
  if (signals.some((signal) => signal?.aborted)) return Promise.resolve();
  return new Promise<void>((resolve) => {
    let sleep: (() => void) | undefined;
    let timer: unknown;
    const wake = () => {
      sleep?.();
      clock.clearTimeout(timer);
      for (const signal of signals) signal?.removeEventListener('abort', wake);
      resolve();
    };
    timer = clock.setTimeout(wake, ms);
    sleep = keepAwake();
    for (const signal of signals) signal?.addEventListener('abort', wake);
  });
}
