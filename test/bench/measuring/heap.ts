import { setImmediate } from 'node:timers/promises';

/** Bytes in use on the heap once everything that nobody holds is gone. */
export async function heapBytes(): Promise<number> {
  if (globalThis.gc === undefined) throw new Error('Run Node with --expose-gc.');
  for (let pass = 0; pass < 3; pass++) {
    globalThis.gc();
    await setImmediate();
  }
  return process.memoryUsage().heapUsed;
}
