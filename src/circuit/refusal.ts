import type { BreakerContext } from '../../machines/breaker-context.ts';
import { timeToLeaseMs, timeToRetryMs } from '../../machines/overdue.ts';
import type { RejectionDetails } from '../errors/circuit-breaker-open-error.ts';
import type { BreakerState, ChartLink } from './chart-link.ts';

/** Why a call was not admitted, and when it asked (epoch ms). */
export interface Refusal extends RejectionDetails {
  readonly at: number;
}

/** Reads from the chart why it does not admit a call. */
export function refusalOf(link: ChartLink, at: number): Refusal {
  const { state, cause } = link;
  const { context } = link.snapshot;
  // Admission also fails in a state that admits, while the actor is in the middle of another event.
  const reason = state === 'closed' || state === 'disabled' ? 'halfOpen' : state;
  return { breaker: context.name, reason, retryAfterMs: retryAfterMs(reason, context, at), cause, at };
}

/**
 * Milliseconds until a call can be let through, in a state of the facade; null where calls pass, or where time changes
 * nothing.
 *
 * @param now - The present, epoch ms.
 */
export function retryAfterMs(state: BreakerState, context: BreakerContext, now: number): number | null {
  if (state === 'stopped') return null;
  return timeToRetryMs(context, now) ?? (state === 'halfOpen' ? timeToLeaseMs(context, now) : null);
}
