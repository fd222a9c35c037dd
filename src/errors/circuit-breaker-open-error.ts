import { BrandedError, brandOf, isBranded } from '../../machines/settings/branded-error.ts';

const brand = brandOf('CircuitBreakerOpenError');

/** Why a breaker did not let a call through. */
export type RejectionReason = 'open' | 'halfOpen' | 'isolated' | 'stopped';

/** What a `CircuitBreakerOpenError` is made of. */
export interface RejectionDetails {
  /** Name of the breaker. */
  readonly breaker: string;
  readonly reason: RejectionReason;
  /** Milliseconds until a retry can be let through; `null` where time alone changes nothing. */
  readonly retryAfterMs: number | null;
  /** The failure that opened the circuit, where one did. */
  readonly cause?: unknown;
}

/**
 * Thrown instead of making a call that the circuit does not let through. The operation was not called.
 *
 * It is built without capturing a stack: during an outage rejections are the hot path. `cause` is the failure
 * that opened the circuit.
 *
 * @example
 * ```ts
 * try {
 *   await breaker.call(callModel, prompt);
 * } catch (error) {
 *   if (!CircuitBreakerOpenError.isInstance(error)) throw error;
 *   console.log(`${error.breaker} is ${error.reason}, retry in ${error.retryAfterMs} ms`);
 * }
 * ```
 */
export class CircuitBreakerOpenError extends BrandedError {
  readonly code = 'ERR_CIRCUIT_OPEN';
  /** Name of the breaker. */
  readonly breaker: string;
  /** Why the call was rejected. */
  readonly reason: RejectionReason;
  /**
   * Milliseconds until a retry can be let through: the rest of the wait while open, the rest of the first lease,
   * or of the present step of a ramp, while half-open, `null` while isolated or stopped.
   */
  readonly retryAfterMs: number | null;
  /** Retrying at once is of no use; wait for `retryAfterMs`. */
  readonly isRetryable = false;
  /** The HTTP status that says the same: Service Unavailable. */
  readonly status = 503;

  /** @param details - Breaker, reason, wait and cause. */
  constructor({ breaker, reason, retryAfterMs, cause }: RejectionDetails) {
    const message = `Circuit "${breaker}" ${advice[reason]}${hint(retryAfterMs)}`;
    const { stackTraceLimit } = Error;
    // Where it cannot be written, because somebody has frozen it, a stack is captured after all.
    Reflect.set(Error, 'stackTraceLimit', 0);
    if (cause === undefined) super(message);
    else super(message, undefined, { cause });
    Reflect.set(Error, 'stackTraceLimit', stackTraceLimit);
    this.breaker = breaker;
    this.reason = reason;
    this.retryAfterMs = retryAfterMs;
  }

  /**
   * The rejection in words for a model that has asked for the operation: a model that is told "the tool failed" tries
   * again and again.
   *
   * @example
   * ```ts
   * messages.push({ role: 'tool', tool_call_id: id, content: error.toModelMessage() });
   * ```
   */
  toModelMessage(): string {
    const { breaker, retryAfterMs } = this;
    const until = retryAfterMs === null ? 'until further notice' : `for the next ${inWords(retryAfterMs)}`;
    return (
      `"${breaker}" is unavailable ${until} and was not called. Trying again before then will not help: it will be ` +
      'refused in the same way. Go on without it, and say so if the answer depends on it.'
    );
  }

  /**
   * The rejection as an HTTP answer: status 503, a `Retry-After` header in whole seconds where time alone helps, and
   * `{ error: { message, type: 'circuit_open', code } }` as its body, without the cause.
   *
   * @throws Error where the platform has no global `Response`.
   *
   * @example
   * ```ts
   * if (CircuitBreakerOpenError.isInstance(error)) return error.toResponse();
   * ```
   */
  toResponse(): Response {
    const { message, code, retryAfterMs, status } = this;
    if (typeof Response === 'undefined' || typeof Headers === 'undefined')
      throw new Error(
        'toResponse() needs the global Response and Headers, which this platform does not have. Make the answer of ' +
          'status, message and retryAfterMs.',
      );
    const headers = new Headers({ 'content-type': 'application/json' });
    if (retryAfterMs !== null) headers.set('retry-after', String(Math.max(1, Math.ceil(retryAfterMs / 1000))));
    return new Response(JSON.stringify({ error: { message, type: 'circuit_open', code } }), { status, headers });
  }

  /**
   * Tells whether `value` is a rejection by a breaker, also by one of another copy of this package.
   *
   * @param value - Anything that was thrown.
   */
  static isInstance(value: unknown): value is CircuitBreakerOpenError {
    return isRejection(value);
  }

  /**
   * Looks for a rejection by a breaker inside an error that wraps it: through `cause`, `errors` and `lastError`,
   * as retry helpers and SDKs nest them.
   *
   * @param value - Anything that was thrown.
   * @returns The first rejection found, nearest first, or undefined. At most 100 errors are looked at.
   */
  static find(value: unknown): CircuitBreakerOpenError | undefined {
    const queue: unknown[] = [value];
    for (let index = 0; index < Math.min(queue.length, 100); index++) {
      const error = queue[index];
      if (isRejection(error)) return error;
      for (const inner of wrappedBy(error)) if (!queue.includes(inner)) queue.push(inner);
    }
    return undefined;
  }
}

// On the prototype, so that the first line of the stack shows it and no instance pays for it.
Object.defineProperties(CircuitBreakerOpenError.prototype, {
  name: { value: 'CircuitBreakerOpenError', configurable: true, writable: true },
  [brand]: { value: true },
});

// Outside the class: a class that names itself is renamed by bundlers, and its instances print under that name.
function isRejection(value: unknown): value is CircuitBreakerOpenError {
  return isBranded(value, brand);
}

const advice: Readonly<Record<RejectionReason, string>> = {
  open: 'is open: the call was not made.',
  halfOpen: 'is half-open and lets no more calls through now: the call was not made.',
  isolated: 'is isolated: the call was not made, and no call is until the isolation is lifted.',
  stopped: 'is stopped: the call was not made, and none ever will be.',
};

function inWords(ms: number): string {
  const seconds = Math.max(1, Math.ceil(ms / 1000));
  if (seconds < 120) return seconds === 1 ? 'second' : `${seconds} seconds`;
  return `${Math.ceil(seconds / 60)} minutes`;
}

function hint(retryAfterMs: number | null): string {
  return retryAfterMs === null ? '' : ` Retry in ${Math.ceil(retryAfterMs)} ms.`;
}

/** What an error wraps; nothing where it cannot be read. */
function wrappedBy(error: unknown): readonly unknown[] {
  if (typeof error !== 'object' || error === null) return [];
  try {
    const inner: unknown[] = [];
    if ('cause' in error) inner.push(error.cause);
    if ('lastError' in error) inner.push(error.lastError);
    if ('errors' in error && Array.isArray(error.errors)) inner.push(...error.errors.slice(0, 100));
    return inner;
  } catch {
    return [];
  }
}
