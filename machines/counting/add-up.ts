/** The highest number that anything is counted to; far below those to which one can no longer be added. */
export const highestTally = 2 ** 48;

/** The sum of two tallies, which never grows beyond the highest. */
export function addUp(tally: number, more: number): number {
  return Math.min(tally + more, highestTally);
}
