import { systemClock } from '../platform/clock.ts';

/** How late a timer is, in ms, where the process has been busy with something else. */
const lateMs = 50;

/** The end of waiting for a server. */
export interface Patience {
  /** Rejects when it has been silent for too long. */
  readonly end: Promise<never>;
  /** Ends the wait: it has answered. */
  stop(): void;
}

/**
 * Starts to wait for an answer.
 *
 * @param timeoutMs - How long a server may be silent, in ms.
 */
export function startPatience(timeoutMs: number): Patience {
  let timer: unknown;
  const end = new Promise<never>((_resolve, reject) => {
    const wait = () => {
      const due = systemClock.now() + timeoutMs;
      timer = systemClock.setTimeout(() => {
        // Where the timer is late, it was this process that was busy: the answer may be there, and not read yet.
        if (systemClock.now() - due > lateMs) wait();
        else reject(new Error(`The server has not answered within ${timeoutMs} ms.`));
      }, timeoutMs);
    };
    wait();
  });
  return { end, stop: () => systemClock.clearTimeout(timer) };
}
