import type { ChartLink } from './chart-link.ts';

/**
 * Holds the circuit open by hand.
 *
 * @param release - Gives the order to let go.
 * @returns A handle that lets go once, unless the isolation it was for has ended in another way.
 */
export function holdOpen(link: ChartLink, release: () => void): Disposable {
  const at = link.clock.now();
  link.passTime(at);
  link.send({ type: 'breaker.isolate', at });
  let isHeld = link.isActive;
  let { generation } = link.snapshot.context;
  if (isHeld && link.snapshot.context.holds === 0) {
    // The actor is busy with another event and takes the order when that is done.
    const isolation = link.actor.on('breaker.isolated', (change) => {
      generation = change.generation;
      isolation.unsubscribe();
    });
  }
  link.announce();
  return {
    [Symbol.dispose]: () => {
      const isOurs = isHeld && link.snapshot.context.generation === generation;
      isHeld = false;
      if (isOurs) release();
    },
  };
}
