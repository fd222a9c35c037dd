import type { BreakerActorRef } from '../circuit/chart-link.ts';

/** A chart as XState 4 reads it: data only. */
export type ChartForXState4 = Readonly<Record<string, unknown>>;

/**
 * The chart that a breaker runs, as a machine's configuration for XState 4: it says `cond` and `internal` where
 * XState 5 says `guard` and `reenter`. Functions are left out; XState 4 draws guards, actions and delays by name.
 */
export function chartForXState4(actor: BreakerActorRef): ChartForXState4 {
  const { config } = actor.getSnapshot().machine;
  return JSON.parse(JSON.stringify(config), (_key, value: unknown) => (isTransition(value) ? translate(value) : value));
}

interface Transition {
  readonly guard?: unknown;
  readonly reenter?: boolean;
}

function translate({ guard, reenter, ...transition }: Transition): object {
  return { ...transition, ...(guard !== undefined && { cond: guard }), ...(reenter && { internal: false }) };
}

function isTransition(value: unknown): value is Transition {
  return typeof value === 'object' && value !== null && ('guard' in value || 'reenter' in value);
}
