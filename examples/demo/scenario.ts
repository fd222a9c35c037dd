import type { Fault } from '../provider/index.ts';

/** What happens in the demo, and how the breaker is set up for it. Durations are in milliseconds. */
export const scenario = {
  callers: 4,
  /** The callers ask in turn, one call per tick; the deadline is shorter than a caller's own pause. */
  tickMs: 150,
  ticks: 54,
  outageFromTick: 14,
  outageToTick: 40,
  /** How long a good answer takes. */
  answerMs: 120,
  deadlineMs: 450,
  failureThreshold: 3,
  recoveryTimeoutMs: 1_000,
} as const;

/** How long the whole takes. */
export const plannedMs = scenario.ticks * scenario.tickMs;

const outageFaults: readonly Fault[] = [
  { kind: 'status', status: 503, headers: { 'retry-after': '1' } },
  { kind: 'connectionReset' },
  { kind: 'noHeaders' },
];

/** Whether the provider has its outage at a tick. */
export function isOutage(tick: number): boolean {
  return tick >= scenario.outageFromTick && tick < scenario.outageToTick;
}

/** What the provider does with a call of this tick: the faults of the outage come in turn. */
export function faultAt(tick: number): Fault {
  const fault = isOutage(tick) ? outageFaults[(tick - scenario.outageFromTick) % outageFaults.length] : undefined;
  return fault ?? { kind: 'slow', delayMs: scenario.answerMs };
}
