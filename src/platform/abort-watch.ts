import { nameOf } from '../../machines/failure-reason.ts';

interface Watch {
  readonly watchers: Set<() => void>;
  readonly stop: () => void;
}

/**
 * Watches callers' signals with one listener a signal, however many calls share it: platforms warn of a leak when a
 * signal has many listeners. Leaves no listener behind once nobody watches.
 */
export class AbortWatch {
  readonly #watches = new WeakMap<AbortSignal, Watch>();

  /**
   * Calls back when the signal is aborted.
   *
   * @param onAbort - A function that watches no other call.
   * @returns A function that stops watching.
   */
  add(signal: AbortSignal, onAbort: () => void): () => void {
    const watch = this.#watches.get(signal) ?? this.#watch(signal);
    watch.watchers.add(onAbort);
    return () => {
      watch.watchers.delete(onAbort);
      if (watch.watchers.size === 0) watch.stop();
    };
  }

  #watch(signal: AbortSignal): Watch {
    const watchers = new Set<() => void>();
    const tell = () => {
      for (const onAbort of [...watchers]) onAbort();
    };
    const stop = () => {
      signal.removeEventListener('abort', tell);
      if (this.#watches.get(signal) === watch) this.#watches.delete(signal);
    };
    const watch = { watchers, stop };
    signal.addEventListener('abort', tell);
    this.#watches.set(signal, watch);
    return watch;
  }
}

/** Tells whether a signal was aborted by a deadline, the platform's or that of a call further out: the operation was too slow. */
export function isTimeout(reason: unknown): boolean {
  const name = nameOf(reason);
  return name === 'TimeoutError' || name === 'CallTimeoutError';
}

/** Tells an AbortSignal by its shape: a polyfill, or the signal of another realm, is as good as ours. */
export function isAbortSignal(value: unknown): value is AbortSignal {
  return (
    typeof value === 'object' &&
    value !== null &&
    'aborted' in value &&
    'addEventListener' in value &&
    typeof value.addEventListener === 'function' &&
    'removeEventListener' in value &&
    typeof value.removeEventListener === 'function'
  );
}
