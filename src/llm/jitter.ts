import { isLot, lotOf } from '../../machines/actor-clock.ts';
import { longestDurationMs } from '../../machines/settings/option-rules.ts';

const mostMs = 5_000;

/**
 * Lengthens a wait by chance, so that not all who were told the same come back at once.
 *
 * @param waitMs - In milliseconds.
 * @param share - By how much of itself at most, from 0 to 1.
 * @param random - Draws a number from 0 to 1 (1 excluded); where it is left out, throws or draws nonsense, the system does.
 * @returns At most 5 s more, and no more than a timer can wait.
 */
export function lengthenByChance(waitMs: number, share: number, random: (() => number) | undefined): number {
  if (share === 0) return waitMs;
  const more = Math.min(waitMs * share, mostMs) * draw(random);
  return Math.min(Math.round(waitMs + more), Math.max(waitMs, longestDurationMs));
}

function draw(random: (() => number) | undefined): number {
  try {
    const lot = random?.();
    if (isLot(lot)) return lot;
  } catch {
    // Whoever's chance is broken gets ours.
  }
  return lotOf({});
}
