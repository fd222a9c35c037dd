import { createBreaker } from 'agent-circuit-breaker';
import { ours, toGrowth } from '../figures.ts';
import { outOfReach, windowMs } from '../libraries/library.ts';
import { fail } from '../libraries/operations.ts';
import { type Effort, inRoundsBySize } from '../measuring/rounds.ts';
import { type Turn, timeCalls } from '../measuring/turns.ts';
import type { Figures } from '../row.ts';
import { HandClock } from './hand-clock.ts';

/** A failing call of a breaker whose actor somebody watches, when there are few and many failures in its window. */
export async function measureObservedFailures(sizes: readonly number[], effort: Effort): Promise<Figures> {
  const ofSizes = [];
  for (const size of sizes) ofSizes.push([{ name: ours, turn: await observedFailures(size) }]);
  return toGrowth(await inRoundsBySize(ofSizes, effort), 'us');
}

/** As many failures come into the window as leave it. */
async function observedFailures(size: number): Promise<Turn> {
  const clock = new HandClock();
  const breaker = createBreaker({ clock, failureThreshold: outOfReach, failureWindow: windowMs });
  const failOnce = () => {
    clock.advance(windowMs / size);
    return breaker.call(fail);
  };
  await timeCalls(failOnce, size);
  // From here on every outcome is sent to the actor at once; while the window was filled, that would have taken long.
  if (breaker.actor.getSnapshot().status !== 'active') throw new Error('The actor has ended.');
  return (count) => timeCalls(failOnce, count);
}
