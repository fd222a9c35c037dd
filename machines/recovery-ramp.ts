import type { RampSettings } from './settings/breaker-settings.ts';

/**
 * The share of calls that a ramp lets through: `k / (n + 1)` in step `k` of `n`.
 *
 * @param elapsedMs - Milliseconds since the ramp began.
 * @returns A ratio, above 0 and below 1; 1 when the ramp is over.
 */
export function rampShare(ramp: RampSettings, elapsedMs: number): number {
  const step = Math.max(0, Math.floor(elapsedMs / ramp.stepDurationMs));
  return Math.min(step + 1, ramp.steps + 1) / (ramp.steps + 1);
}

/** How long a ramp lasts, in milliseconds; 0 where there is none. */
export function rampDurationMs(ramp: RampSettings | null): number {
  return ramp === null ? 0 : ramp.steps * ramp.stepDurationMs;
}

/**
 * Milliseconds until the share grows.
 *
 * @param elapsedMs - Milliseconds since the ramp began.
 */
export function nextStepMs(ramp: RampSettings, elapsedMs: number): number {
  const elapsed = Math.max(0, elapsedMs);
  return ramp.stepDurationMs - (elapsed % ramp.stepDurationMs);
}
