/** How many random histories are tried, of those that a test names: the rooms say (`test/vitest.config.ts`). */
const share = Number(process.env.HISTORY_SHARE ?? 1);

/**
 * How many times a property is to be tried: a tenth as often in `npm test` as in `npm run test:all`.
 *
 * What a test claims that its histories reach must not hang on this number: such a claim has a seed and a number of
 * its own, or a path that leads there.
 *
 * @param full How often at full length, a whole number of 1 or more.
 */
export function runs(full: number): number {
  return Math.ceil(full * share);
}
