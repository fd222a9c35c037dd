import fc from 'fast-check';

/** What is to be seen in random histories before they are said to reach it. */
export interface Wanted {
  /** What has to be seen, in the words of `sightingsIn`. */
  readonly sightings: readonly string[];
  /** How often, each. @default 1 */
  readonly times?: number;
}

/** How many histories a seed makes, and how many seeds are tried: far more than are needed today. */
const batch = { size: 100, count: 20 };

/**
 * Plays random histories, always the same ones, until all that is wanted has been seen. What tests claim that their
 * histories reach hangs on no luck by it, and on no length that a run gives to others.
 *
 * @param sightingsIn Plays a history, and tells in words what is to be seen in it.
 * @returns What is still wanted; nothing, where the histories reach all of it.
 */
export function unseenIn<T>(
  histories: fc.Arbitrary<T>,
  { sightings, times = 1 }: Wanted,
  sightingsIn: (history: T) => Iterable<string>,
): readonly string[] {
  const seen = new Map<string, number>();
  const unseen = () => sightings.filter((sighting) => (seen.get(sighting) ?? 0) < times);
  for (let seed = 1; seed <= batch.count; seed++) {
    for (const history of fc.sample(histories, { numRuns: batch.size, seed })) {
      if (unseen().length === 0) return [];
      for (const sighting of sightingsIn(history)) seen.set(sighting, (seen.get(sighting) ?? 0) + 1);
    }
  }
  return unseen();
}
