import { timeToLeaseMs, timeToRetryMs } from '../machines/overdue.ts';
import type { ChartLink } from './chart-link.ts';
import type { RejectionDetails } from './errors/circuit-breaker-open-error.ts';

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
  const waitMs = timeToRetryMs(context, at) ?? (reason === 'halfOpen' ? timeToLeaseMs(context, at) : null);
  const retryAfterMs = reason === 'stopped' ? null : waitMs;
  return { breaker: context.name, reason, retryAfterMs, cause, at };
}
