import type { BreakerContext } from './breaker-context.ts';
import type { BreakerTag, RecoveryElapsedEvent, TrialEvent } from './breaker-events.ts';
import { needsLease, slotsOf } from './fleet-leases.ts';
import { nextStepMs, rampDurationMs } from './recovery-ramp.ts';
import { firstExpiry } from './trials.ts';

/**
 * The event that time owes a breaker: its wait or its ramp is over, or the lease of a trial has run out. To be sent whenever
 * somebody looks at the breaker, it makes every timer dispensable. Also due when the clock went back so far that a
 * wait, a ramp or a lease would last longer than a full one from now.
 *
 * @param now - The present, epoch ms.
 * @returns The event to send, or undefined where nothing is due.
 */
export function overdueEvent(context: BreakerContext, now: number): RecoveryElapsedEvent | TrialEvent | undefined {
  const { recoverAt, waitMs, rampStartedAt, trials, settings } = context;
  const rampMs = rampDurationMs(settings.ramp);
  if (recoverAt !== null && isOver(recoverAt, now, waitMs ?? 0)) return { type: 'recovery.elapsed', at: now };
  if (rampStartedAt !== null && isOver(rampStartedAt + rampMs, now, rampMs))
    return { type: 'recovery.elapsed', at: now };
  if (trials.some(({ expiresAt }) => isOver(expiresAt, now, longestLeaseMs(context))))
    return { type: 'trial.expired', at: now };
  return undefined;
}

/**
 * Milliseconds until a rejected call can be let through: the rest of the wait, of the present step of a ramp (until
 * its share grows), or of the first lease where every slot is taken; null where calls pass or time alone changes nothing.
 *
 * @param now - The present, epoch ms.
 */
export function timeToRetryMs(context: BreakerContext, now: number): number | null {
  const { recoverAt, rampStartedAt, trials, settings } = context;
  if (recoverAt !== null) return Math.max(0, recoverAt - now);
  if (rampStartedAt !== null && settings.ramp !== null) return nextStepMs(settings.ramp, now - rampStartedAt);
  return trials.length >= settings.halfOpenTrials ? Math.max(0, firstExpiry(trials) - now) : null;
}

/** Into how many parts a lease is divided by those who wait for it: few trials take as long as they may. */
const partsOfLease = 8;

/**
 * Milliseconds after which it is worth asking the fleet again: until the next eighth of a lease has passed since the
 * circuit became half-open; null where no slot of the fleet is waited for. For a state with the tag `asking`.
 *
 * @param now - The present, epoch ms.
 */
export function timeToLeaseMs(context: BreakerContext, now: number): number | null {
  const { since, settings, trials } = context;
  if (!needsLease(context) || trials.length < slotsOf(context)) return null;
  const partMs = settings.trialTimeoutMs / partsOfLease;
  return partMs - (Math.max(0, now - since) % partMs);
}

/**
 * Milliseconds until a rejected call can be let through: by time, or by a slot of the fleet; null where calls pass, or
 * where time alone changes nothing.
 *
 * @param snapshot - A snapshot of the breaker's actor.
 * @param now - The present, epoch ms.
 */
export function retryAfterMs(
  snapshot: { readonly context: BreakerContext; hasTag(tag: BreakerTag): boolean },
  now: number,
): number | null {
  const { context } = snapshot;
  return timeToRetryMs(context, now) ?? (snapshot.hasTag('asking') ? timeToLeaseMs(context, now) : null);
}

/** How long the timer of an open circuit runs: the rest of the wait, never more than a full one. */
export function recoveryDelayMs({ recoverAt, waitMs }: BreakerContext, now: number): number {
  return restMs(recoverAt ?? now, now, waitMs ?? 0);
}

/** How long the timer of a ramp runs: the rest of the ramp, never more than a full one. */
export function rampDelayMs({ rampStartedAt, settings }: BreakerContext, now: number): number {
  const rampMs = rampDurationMs(settings.ramp);
  return restMs((rampStartedAt ?? now) + rampMs, now, rampMs);
}

/** How long the timer of a half-open circuit runs: the rest of the first lease, never more than a full one. */
export function leaseDelayMs(context: BreakerContext, now: number): number {
  return restMs(firstExpiry(context.trials), now, longestLeaseMs(context));
}

/** A machine that has restored the actor may lend for a shorter time than the one that has lent. */
export function longestLeaseMs({ outage, settings }: BreakerContext): number {
  return Math.max(outage.leaseMs, settings.trialTimeoutMs);
}

/** Instants are fractions of a millisecond in a double of 13 digits: sums of them are off by less than this. */
const roundingMs = 1;

function isOver(instant: number, now: number, longestMs: number): boolean {
  return now >= instant || instant - now > longestMs + roundingMs;
}

function restMs(instant: number, now: number, longestMs: number): number {
  return Math.min(Math.max(0, instant - now), longestMs);
}
