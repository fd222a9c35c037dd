import type { BreakerSettings } from './settings/breaker-settings.ts';
import { longestDurationMs } from './settings/option-rules.ts';

/**
 * How long an open circuit waits, by its settings: `recoveryTimeout`, made longer with each failed trial, moved by
 * chance, and then capped.
 *
 * @param reopenings - How often trials have failed since the circuit was last closed.
 * @param lot - A number from 0 to 1, 1 excluded, drawn by chance.
 * @returns Milliseconds, from 1 to 2147483647.
 */
export function recoveryWaitMs(
  { recoveryTimeoutMs, backoff }: BreakerSettings,
  reopenings: number,
  lot: number,
): number {
  if (backoff === null) return recoveryTimeoutMs;
  const { factor, maxRecoveryTimeoutMs, jitter } = backoff;
  // The power of a high number of failed trials is infinite, of which no jitter can be taken.
  const grownMs = Math.min(recoveryTimeoutMs * factor ** reopenings, Number.MAX_VALUE / 2);
  const movedMs = grownMs * (1 + jitter * (2 * lot - 1));
  return Math.max(1, Math.min(movedMs, maxRecoveryTimeoutMs));
}

/** Tells whether a value is a wait that a timer can keep: a number of milliseconds from 1 to 2147483647. */
export function isWaitMs(value: unknown): value is number {
  return typeof value === 'number' && value >= 1 && value <= longestDurationMs;
}
