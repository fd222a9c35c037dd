import type { CallHandle } from '../calls/call-handle.ts';
import { CallTimeoutError } from '../errors/call-timeout-error.ts';

/** A request that is sent with a deadline for its headers. */
export interface HeadersWait {
  /** The call that the request is. */
  readonly call: CallHandle;
  /** In milliseconds; undefined for none. */
  readonly timeoutMs: number | undefined;
  /** What aborts the request anyway. */
  readonly signal: AbortSignal | undefined;
  readonly send: (signal: AbortSignal | undefined) => Promise<Response>;
}

/**
 * Sends a request and waits for its headers.
 *
 * @throws CallTimeoutError when they do not come in time; the request is aborted and a late response is dropped.
 */
export async function awaitHeaders({ call, timeoutMs, signal, send }: HeadersWait): Promise<Response> {
  if (timeoutMs === undefined) return send(signal);
  const controller = new AbortController();
  let sending: Promise<Response> | undefined;
  let timer: unknown;
  const timeUp = new Promise<never>((_resolve, reject) => {
    timer = call.clock.setTimeout(() => {
      const error = new CallTimeoutError(call.name, timeoutMs, 'firstItemTimeout');
      call.timeOut(error);
      reject(error);
      controller.abort(error);
      sending?.then(({ body }) => body?.cancel()).catch(() => {});
    }, timeoutMs);
  });
  try {
    sending = send(anyOf(signal, controller.signal));
    return await Promise.race([sending, timeUp]);
  } finally {
    call.clock.clearTimeout(timer);
  }
}

/** Composed by the platform, which leaves no listener on a signal that outlives the request. */
function anyOf(signal: AbortSignal | undefined, own: AbortSignal): AbortSignal {
  if (!signal) return own;
  // Node before 20.3 cannot: there a request that is too late is left behind.
  return typeof AbortSignal.any === 'function' ? AbortSignal.any([signal, own]) : signal;
}
