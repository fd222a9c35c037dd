/** The range in which the middle four fifths of some samples lie: from the 10th to the 90th percentile. */
export interface Spread {
  readonly low: number;
  readonly high: number;
}

/** The middle of several numbers. */
export function median(numbers: readonly number[]): number {
  return quantile(numbers, 0.5);
}

/** Where the samples lie without the extreme fifth of them. */
export function spreadOf(numbers: readonly number[]): Spread {
  return { low: quantile(numbers, 0.1), high: quantile(numbers, 0.9) };
}

/** The number below which a share (0 to 1) of several numbers lie; between two of them it is in between. NaN of none. */
export function quantile(numbers: readonly number[], share: number): number {
  const sorted = [...numbers].sort((a, b) => a - b);
  const place = (sorted.length - 1) * share;
  const below = Number(sorted[Math.floor(place)]);
  const above = Number(sorted[Math.ceil(place)]);
  return below + (above - below) * (place - Math.floor(place));
}
