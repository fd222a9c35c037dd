import type { CommandOrder } from '../../machines/change-cause.ts';
import type { ChartLink } from './chart-link.ts';

/** Holds a circuit open by hand until it is released, or disposed. */
export interface IsolationHold extends Disposable {
  /**
   * Lets go, once; nothing happens where the isolation it was for has ended in another way. The circuit closes when every
   * hold has been let go.
   *
   * @param order - Who lets go, and why: `by` and `reason`, told with the change that the last hold makes.
   */
  release(order?: CommandOrder): void;
}

/**
 * Holds the circuit open by hand.
 *
 * @param link - The link to the actor, brought up to date.
 * @param release - Gives the order to let go.
 */
export function holdOpen(link: ChartLink, order: CommandOrder, release: (order: CommandOrder) => void): IsolationHold {
  link.send({ type: 'breaker.isolate', at: link.clock.now(), order });
  let isHeld = link.isActive;
  let { generation } = link.snapshot.context;
  if (isHeld && link.snapshot.context.holds === 0) {
    // The actor is busy with another event and takes the order when that is done.
    const isolation = link.actor.on('breaker.isolated', (change) => {
      generation = change.generation;
      isolation.unsubscribe();
    });
  }
  const letGo = (order: CommandOrder = {}) => {
    const isOurs = isHeld && link.snapshot.context.generation === generation;
    isHeld = false;
    if (isOurs) release(order);
  };
  return { release: letGo, [Symbol.dispose]: () => letGo() };
}
