import type { BreakerEvent, CallFailedEvent } from './breaker-events.ts';

/**
 * Builds a `call.failed` event whose `error` guards can judge but nothing can print: the property is not
 * enumerable, so it is in no JSON, no inspection message and no spread copy. Errors of model calls carry
 * headers, keys and prompts.
 *
 * @param error - What the call threw; any value.
 * @param details - `at`, `generation` and the like of the call.
 *
 * @example
 * ```ts
 * actor.send(callFailed(error, { at: Date.now() }));
 * ```
 */
export function callFailed(error: unknown, details: Omit<CallFailedEvent, 'type' | 'error'> = {}): CallFailedEvent {
  return withHiddenError({ type: 'call.failed', ...details }, error);
}

/** A copy of an event that says when it happened; an error that it carries is hidden. */
export function dated(event: BreakerEvent, at: number): BreakerEvent {
  if (!carriesError(event)) return { ...event, at };
  const { error, ...details } = event;
  return callFailed(error, { ...details, at });
}

/** Hands the error of an event on to another one, where there is an error; hidden in both. */
export function passErrorOn<T extends object>(from: object, to: T): T {
  return carriesError(from) ? withHiddenError(to, from.error) : to;
}

/** Tells whether an event brings an error to judge, be it `undefined`. */
export function carriesError(event: object): event is { readonly error: unknown } {
  return 'error' in event;
}

function withHiddenError<T extends object>(target: T, error: unknown): T {
  return Object.defineProperty(target, 'error', { value: error });
}
