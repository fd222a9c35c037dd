import { type AbortWatch, isAbortSignal } from '../platform/abort-watch.ts';

/** The arguments of a request with a signal of their own in place of the caller's. */
export interface LentSignal {
  readonly args: readonly unknown[];
  /** The caller's own signal. */
  readonly signal: AbortSignal | undefined;
  /** Ends the loan, once the request has ended. */
  readonly release: () => void;
}

/**
 * Lends a request a signal that is aborted with the caller's. The SDK leaves a listener on the signal that it is given: it
 * would warn of a leak after ten requests, and cancel them all when the caller aborts, long after their end.
 *
 * @param args - The arguments; the caller's signal is in the last one that has one, since where the options stand depends on
 *   the method, and on the SDK's version.
 */
export function lendSignal(args: readonly unknown[], abortWatch: AbortWatch): LentSignal {
  const options = args.slice(1).reverse().find(hasSignal);
  if (options === undefined) return { args, signal: undefined, release: () => {} };
  const { signal } = options;
  const own = new AbortController();
  const lent = { ...options, signal: own.signal };
  return {
    args: args.map((arg) => (arg === options ? lent : arg)),
    signal,
    release: abortWatch.add(signal, () => own.abort(signal.reason)),
  };
}

function hasSignal(arg: unknown): arg is { readonly signal: AbortSignal } {
  return typeof arg === 'object' && arg !== null && 'signal' in arg && isAbortSignal(arg.signal);
}
