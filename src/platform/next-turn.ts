// The platform's own: a test that fakes timers later stops no breaker.
const { setTimeout, clearTimeout } = globalThis;

/**
 * Calls back in another turn of the event loop, which it does not keep alive.
 *
 * @returns Takes it back.
 */
export function nextTurn(callback: () => void): () => void {
  const timer = setTimeout(callback, 0);
  if (isTimer(timer)) timer.unref();
  return () => clearTimeout(timer);
}

function isTimer(value: unknown): value is { unref(): void } {
  return typeof value === 'object' && value !== null && 'unref' in value && typeof value.unref === 'function';
}
