import { fleetOf } from '../../machines/fleet-actor.ts';
import type { BreakerActorRef } from '../circuit/chart-link.ts';
import { keepAwake } from '../platform/clock.ts';

/** Settles when a breaker has heard of its fleet, or that it cannot be reached; at once where there is none. */
export function fleetReady(actor: BreakerActorRef): Promise<void> {
  const isReady = () => {
    const { status, context } = actor.getSnapshot();
    return status !== 'active' || context.fleet !== null || fleetOf(actor) === undefined;
  };
  if (isReady()) return Promise.resolve();
  const rest = keepAwake();
  return new Promise<void>((resolve) => {
    const subscription = actor.subscribe({
      next: () => {
        if (!isReady()) return;
        subscription.unsubscribe();
        resolve();
      },
      error: () => resolve(),
      complete: () => resolve(),
    });
  }).finally(rest);
}
