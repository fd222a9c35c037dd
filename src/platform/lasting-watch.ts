import { propertyOf } from '../../machines/property-of.ts';
import type { AbortWatch } from './abort-watch.ts';

/** What is watched no longer once the call's signal is gone. */
interface Watcher {
  readonly signal: WeakRef<AbortSignal>;
  readonly onAbort: (reason: unknown) => void;
}

/**
 * Passes a caller's abort on to what a call has returned and is still being read, until that is gone. It keeps nothing
 * alive itself: what is returned keeps the call's signal, which the watch holds weakly.
 */
export class LastingWatch {
  readonly #abortWatch: AbortWatch;
  /** The controllers of calls, as long as their signals, or what they have returned, are in use. */
  readonly #controllers = new WeakMap<object, AbortController>();
  readonly #endings: FinalizationRegistry<Watcher> | undefined;

  /** @param abortWatch - Puts the listeners on the callers' signals. */
  constructor(abortWatch: AbortWatch) {
    this.#abortWatch = abortWatch;
    // Some platforms for servers have none; a watch that could never end would be a leak there.
    if (typeof FinalizationRegistry === 'undefined') return;
    this.#endings = new FinalizationRegistry(({ signal, onAbort }) => {
      const caller = signal.deref();
      if (caller) abortWatch.remove(caller, onAbort);
    });
  }

  /**
   * Watches on where a result is read after it has been returned; does nothing for any other.
   *
   * @param signal - The caller's.
   * @param own - What the call's signal is aborted by.
   */
  add(signal: AbortSignal, own: AbortController, result: unknown): void {
    const endings = this.#endings;
    const parts = endings ? readablePartsOf(result) : nothing;
    if (parts.length === 0) return;
    for (const part of [own.signal, ...parts]) this.#controllers.set(part, own);
    // Of an AbortController nothing holds but its owner; so the signal is held, and leads to it.
    const ownSignal = new WeakRef(own.signal);
    const onAbort = (reason: unknown) => {
      const reached = ownSignal.deref();
      if (reached) this.#controllers.get(reached)?.abort(reason);
    };
    this.#abortWatch.add(signal, onAbort);
    endings?.register(own.signal, { signal: new WeakRef(signal), onAbort });
  }
}

const nothing: readonly object[] = [];

/** What is in use while a result is read: a reader of a body keeps the body, but not the response it came with. */
function readablePartsOf(result: unknown): readonly object[] {
  if (typeof result !== 'object' || result === null) return nothing;
  try {
    const body = 'bodyUsed' in result ? propertyOf(result, 'body') : undefined;
    if (isReadable(body)) return [result, body];
    if (!isReadable(result)) return nothing;
    // The streams of SDKs: their iterators keep their controller, but not them.
    const controller = propertyOf(result, 'controller');
    return typeof controller === 'object' && controller !== null ? [result, controller] : [result];
  } catch {
    return nothing;
  }
}

function isReadable(value: unknown): value is object {
  return (
    typeof propertyOf(value, Symbol.asyncIterator) === 'function' ||
    typeof propertyOf(value, 'getReader') === 'function'
  );
}
