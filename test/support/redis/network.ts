import type { Socket } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { createDeferred, type Deferred } from '../calls.ts';

/** How things pass between sockets: at once, late or not at all, but always in order. */
export class Network {
  /** How long everything that arrives from now on takes, in milliseconds. */
  delayMs = 0;
  #bytesPassed = 0;
  #stall: Deferred<void> | undefined;

  /** How many bytes have come through. */
  get bytesPassed(): number {
    return this.#bytesPassed;
  }

  /** Holds everything, until it is released. */
  stall(): void {
    this.#stall ??= createDeferred();
  }

  /** Lets pass what was held, and what comes. */
  release(): void {
    this.#stall?.resolve();
    this.#stall = undefined;
  }

  /** Passes on what one socket receives, and that it ends. It has no back pressure: what is held is held in memory. */
  pass(from: Socket, to: Socket): void {
    let last = Promise.resolve();
    const inOrder = (act: () => void) => {
      const arrival = this.delayMs > 0 ? delay(this.delayMs) : undefined;
      last = last.then(async () => {
        await arrival;
        while (this.#stall) await this.#stall.promise;
        if (!to.destroyed) act();
      });
    };
    from.on('data', (bytes) =>
      inOrder(() => {
        this.#bytesPassed += bytes.length;
        to.write(bytes);
      }),
    );
    from.on('end', () => inOrder(() => to.end()));
    from.on('close', () => inOrder(() => to.destroySoon()));
    // The other side is told by the end of the connection.
    from.on('error', () => {});
  }
}
