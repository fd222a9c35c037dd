import { nameOf } from '../../machines/failure-reason.ts';

/** What is called when a signal is aborted. */
type OnAbort = (reason: unknown) => void;

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
  add(signal: AbortSignal, onAbort: OnAbort): () => void {
    let watch = this.#watches.get(signal);
    if (watch === undefined) {
      watch = new Watch(signal, this.#watches);
      this.#watches.set(signal, watch);
    }
    return watch.add(onAbort);
  }

  /** Stops calling back. */
  remove(signal: AbortSignal, onAbort: OnAbort): void {
    this.#watches.get(signal)?.remove(onAbort);
  }
}

/** Those who watch one signal, and their listener. */
class Watch {
  readonly #signal: AbortSignal;
  readonly #watches: WeakMap<AbortSignal, Watch>;
  #first: OnAbort | undefined;
  #others: Set<OnAbort> | undefined;

  constructor(signal: AbortSignal, watches: WeakMap<AbortSignal, Watch>) {
    this.#signal = signal;
    this.#watches = watches;
    signal.addEventListener('abort', this);
  }

  add(onAbort: OnAbort): () => void {
    if (this.#first === undefined) this.#first = onAbort;
    else {
      this.#others ??= new Set();
      this.#others.add(onAbort);
    }
    return () => this.remove(onAbort);
  }

  remove(onAbort: OnAbort): void {
    if (this.#first === onAbort) this.#first = undefined;
    else if (!this.#others?.delete(onAbort)) return;
    if (this.#first === undefined && !this.#others?.size) this.#stop();
  }

  /** A signal is aborted once. */
  handleEvent(): void {
    const told = [...(this.#first ? [this.#first] : []), ...(this.#others ?? [])];
    this.#first = undefined;
    this.#others = undefined;
    this.#stop();
    tellAll(told, this.#signal.reason);
  }

  #stop(): void {
    this.#signal.removeEventListener('abort', this);
    this.#watches.delete(this.#signal);
  }
}

/** One that throws, because of a clock that does, keeps no other call from hearing of it. */
function tellAll([first, ...others]: Iterable<OnAbort>, reason: unknown): void {
  try {
    first?.(reason);
  } finally {
    if (others.length > 0) tellAll(others, reason);
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
