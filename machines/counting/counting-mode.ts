import type { BreakerSettings } from '../settings/breaker-settings.ts';

/** By what a closed circuit judges its failures. */
export type CountingMode = 'failuresInARow' | 'failuresInWindow' | 'rateOfCalls' | 'rateOverTime';

/** By what these settings judge failures. */
export function modeOf({ failureRateThreshold, windowSize, failureWindowMs }: BreakerSettings): CountingMode {
  if (failureRateThreshold !== null) return windowSize !== null ? 'rateOfCalls' : 'rateOverTime';
  return failureWindowMs !== null ? 'failuresInWindow' : 'failuresInARow';
}
