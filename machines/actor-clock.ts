/**
 * The present by an actor's clock, in epoch ms. XState's own `Clock` has no `now()`: where a clock does
 * not tell the time, or tells no number, it is taken from the platform's monotonic clock.
 *
 * @param actor - The actor (`self`), whose clock is asked.
 * @see https://stately.ai/docs/delayed-transitions
 */
export function presentOf(actor: object): number {
  const clock = 'clock' in actor ? actor.clock : undefined;
  if (typeof clock === 'object' && clock !== null && 'now' in clock && typeof clock.now === 'function') {
    const present: unknown = clock.now();
    if (typeof present === 'number' && Number.isFinite(present)) return present;
  }
  return systemNow();
}

/** Epoch ms from the platform's monotonic clock: steps of the wall clock do not move it. */
export function systemNow(): number {
  return performance.timeOrigin + performance.now();
}
