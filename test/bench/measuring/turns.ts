import { cpuNs } from './cpu-time.ts';

/** Does something so many times and tells what each time took, in nanoseconds of CPU time. */
export type Turn = (count: number) => Promise<number>;

/**
 * Makes calls one after the other; a call that fails is caught.
 *
 * @returns Nanoseconds of CPU time per call.
 */
export async function timeCalls(call: () => Promise<unknown>, count: number): Promise<number> {
  const start = cpuNs();
  for (let made = 0; made < count; made++) {
    try {
      await call();
    } catch {
      // Whoever calls a breaker has to catch.
    }
  }
  return (cpuNs() - start) / count;
}

/** Turns of awaited calls. */
export function awaited(call: () => Promise<unknown>): Turn {
  return (count) => timeCalls(call, count);
}

/** Turns of calls that return at once. Each has to change something, or the compiler leaves it out. */
export function synchronous(call: () => unknown): Turn {
  return async (count) => {
    const start = cpuNs();
    for (let made = 0; made < count; made++) call();
    return (cpuNs() - start) / count;
  };
}

/** How many are made at a time: enough to be timed by the microsecond, too few to be moved about by the collector. */
const batch = 100;

/**
 * Turns of calls that each take something made for them, without the time of making it. A turn has whole batches.
 *
 * @param prepare - Makes what one call takes.
 */
export function prepared<T>(prepare: () => T, call: (subject: T) => unknown): Turn {
  return async (count) => {
    const batches = Math.ceil(count / batch);
    let ns = 0;
    for (let made = 0; made < batches; made++) {
      const subjects = Array.from({ length: batch }, prepare);
      const start = cpuNs();
      for (const subject of subjects) call(subject);
      ns += cpuNs() - start;
    }
    return ns / (batches * batch);
  };
}
