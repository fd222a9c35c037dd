import type { Breaker } from './breaker.ts';

/** Gives a function that stands in for another one the name and the length of that one, and its breaker. */
export function likeOriginal<F extends object, B extends Breaker>(original: object, breaker: B, guarded: F) {
  for (const key of ['name', 'length']) {
    const descriptor = Object.getOwnPropertyDescriptor(original, key);
    if (descriptor) Object.defineProperty(guarded, key, descriptor);
  }
  return Object.assign(guarded, { breaker });
}
