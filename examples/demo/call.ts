import { type BreakerState, CallTimeoutError, CircuitBreakerOpenError } from 'agent-circuit-breaker';
import OpenAI from 'openai';
import { scenario } from './scenario.ts';

/** How a call ended. `status`, `reset`, `deadline` and `other` are failures. */
export type Outcome = 'pending' | 'answered' | 'status' | 'reset' | 'deadline' | 'other' | 'rejected' | 'cancelled';

/** The end of a call. */
export interface CallEnd {
  readonly outcome: Outcome;
  /** The same in words. */
  readonly detail: string;
}

/** What is kept of a call. Instants are in milliseconds since the demo began. */
export interface Call extends CallEnd {
  readonly number: number;
  readonly caller: number;
  /** State of the breaker when the call was asked; null where there is no breaker. */
  readonly state: BreakerState | null;
  readonly askedAtMs: number;
  readonly endedAtMs: number | null;
}

/** Whether the call was made and ended badly. */
export function isFailed({ outcome }: Call): boolean {
  return outcome === 'status' || outcome === 'reset' || outcome === 'deadline' || outcome === 'other';
}

/** How long a call took, or has taken so far. */
export function durationMs({ askedAtMs, endedAtMs }: Call, nowMs: number): number {
  return (endedAtMs ?? nowMs) - askedAtMs;
}

/** Reads from an error how a call ended. */
export function endOf(error: unknown): CallEnd {
  if (CircuitBreakerOpenError.isInstance(error)) return { outcome: 'rejected', detail: rejectionInWords(error) };
  if (CallTimeoutError.isInstance(error) || error instanceof OpenAI.APIConnectionTimeoutError)
    return { outcome: 'deadline', detail: `no headers within ${scenario.deadlineMs} ms` };
  if (error instanceof OpenAI.APIUserAbortError || (error instanceof Error && error.name === 'AbortError'))
    return { outcome: 'cancelled', detail: 'given up' };
  if (error instanceof OpenAI.APIConnectionError) return { outcome: 'reset', detail: 'connection reset' };
  if (error instanceof OpenAI.APIError) return { outcome: 'status', detail: `status ${error.status}` };
  return { outcome: 'other', detail: String(error) };
}

function rejectionInWords({ reason, retryAfterMs }: CircuitBreakerOpenError): string {
  if (reason === 'halfOpen') return 'not sent: a trial is running';
  return `not sent${retryAfterMs === null ? '' : `: trial in ${Math.ceil(retryAfterMs)} ms`}`;
}
