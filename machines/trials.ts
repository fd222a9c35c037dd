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
 * The trials whose lease still runs.
 *
 * @param at - The instant that is asked about, epoch ms; left out, every lease is taken to run.
 */
export function runningTrials(trials: readonly Trial[], at: number | undefined): readonly Trial[] {
  return at === undefined ? trials : trials.filter(({ expiresAt }) => expiresAt > at);
}

/**
 * The trials with no lease longer than a full one from now: after the clock went back, no slot is held for longer.
 *
 * @param now - The present, epoch ms.
 */
export function shortenedLeases(trials: readonly Trial[], now: number, trialTimeoutMs: number): readonly Trial[] {
  return trials.map(({ id, expiresAt }) => ({ id, expiresAt: Math.min(expiresAt, now + trialTimeoutMs) }));
}

/** The number that names the next trial which is given no name: the next one that no running trial has. */
export function nextTrialId(trials: readonly Trial[], trialsStarted: number): number {
  // Beyond the safe integers, where adding one changes nothing, it starts over.
  let id = Number.isSafeInteger(trialsStarted + 1) ? trialsStarted + 1 : 1;
  while (findTrial(trials, id)) id++;
  return id;
}

/** When the first of the leases runs out (epoch ms); Infinity where no trial is running. */
export function firstExpiry(trials: readonly Trial[]): number {
  return trials.reduce((earliest, { expiresAt }) => Math.min(earliest, expiresAt), Infinity);
}
