import type { BreakerActorRef } from './chart-link.ts';

/** Those who wait for no call to be under way any more. */
export class Idleness {
  #waiting: (() => void)[] = [];

  /** @param actor - The actor of the calls; once it has stopped, whoever stopped it, nobody has to wait. */
  constructor(actor: BreakerActorRef) {
    actor.subscribe({ complete: () => this.end() });
  }

  /** Settles when nobody has to wait any more. */
  wait(): Promise<void> {
    return new Promise((resolve) => this.#waiting.push(resolve));
  }

  /** Nobody has to wait any more. */
  end(): void {
    for (const resolve of this.#waiting.splice(0)) resolve();
  }
}
