/** Names a half-open trial; unique among the trials of one breaker. */
export type TrialId = string | number;

/** A taken half-open slot. It is a lease: its result counts only before `expiresAt`. */
export interface Trial {
  readonly id: TrialId;
  /** The first instant (epoch ms) at which the slot is free again. */
  readonly expiresAt: number;
}

/**
 * Finds the trial that an outcome belongs to.
 *
 * @param id - The trial's id; left out, the oldest trial is meant.
 */
export function findTrial(trials: readonly Trial[], id: TrialId | undefined): Trial | undefined {
  return id === undefined ? trials[0] : trials.find((trial) => trial.id === id);
}

/**
 * The trials without those that have ended.
 *
 * @param id - The trial that has ended; left out, the `count` oldest have.
 */
export function withoutTrial(trials: readonly Trial[], id: TrialId | undefined, count = 1): readonly Trial[] {
  return id === undefined ? trials.slice(count) : trials.filter((trial) => trial.id !== id);
}

/**
 * The trials whose lease still runs at `at`. After a clock went back, a lease is shortened to one full
 * `trialTimeoutMs` from now, so that no slot is held for longer than that.
 *
 * @param only - Judges just this trial and keeps the others.
 */
export function liveTrials(
  trials: readonly Trial[],
  at: number,
  trialTimeoutMs: number,
  only?: TrialId,
): readonly Trial[] {
  const isJudged = ({ id }: Trial) => only === undefined || id === only;
  return trials
    .filter((trial) => !isJudged(trial) || trial.expiresAt > at)
    .map((trial) =>
      isJudged(trial) && trial.expiresAt - at > trialTimeoutMs
        ? { id: trial.id, expiresAt: at + trialTimeoutMs }
        : trial,
    );
}

/** When the first of the leases runs out (epoch ms); Infinity where no trial is running. */
export function firstExpiry(trials: readonly Trial[]): number {
  return trials.reduce((earliest, { expiresAt }) => Math.min(earliest, expiresAt), Infinity);
}
