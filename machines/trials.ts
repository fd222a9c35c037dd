/** Names a half-open trial; unique among the trials of one breaker. */
export type TrialId = string | number;

/** A taken half-open slot. It is a lease: from `expiresAt` on the slot is free, whatever the trial does. */
export interface Trial {
  readonly id: TrialId;
  /** The first instant (epoch ms) at which the slot is free again. */
  readonly expiresAt: number;
}

/** The trials of a half-open period that have not ended. Plain data, never mutated. */
export interface Trials {
  /** Those that hold a slot, oldest first. */
  readonly trials: readonly Trial[];
  /** The names of those whose lease is over: what they come to still counts. The latest 1,000, oldest first. */
  readonly lapsedTrials: readonly TrialId[];
}

/** How many lapsed trials are remembered. */
const mostLapsed = 1_000;

/** Finds a trial that holds a slot. */
export function findTrial(trials: readonly Trial[], id: TrialId | undefined): Trial | undefined {
  return trials.find((trial) => trial.id === id);
}

/**
 * The trials after those whose lease is over have given their slots back.
 *
 * @param at - The instant at which it is, epoch ms; left out, no lease is over.
 * @param only - The one trial that is asked about; left out, all are.
 */
export function lapse({ trials, lapsedTrials }: Trials, at = Number.NEGATIVE_INFINITY, only?: TrialId): Trials {
  const over = trials.filter(({ id, expiresAt }) => expiresAt <= at && (only === undefined || id === only));
  if (over.length === 0) return { trials, lapsedTrials };
  // In the order in which timers would have told of them.
  const names = over.sort((one, other) => one.expiresAt - other.expiresAt).map(({ id }) => id);
  return {
    trials: trials.filter(({ id }) => !names.includes(id)),
    lapsedTrials: [...lapsedTrials, ...names].slice(-mostLapsed),
  };
}

/**
 * Tells whether a trial has not ended, be its lease over or not.
 *
 * @param id - The trial's id; left out, any trial is meant.
 */
export function isOutstanding({ trials, lapsedTrials }: Trials, id: TrialId | undefined): boolean {
  if (id === undefined) return trials.length + lapsedTrials.length > 0;
  return findTrial(trials, id) !== undefined || lapsedTrials.includes(id);
}

/**
 * Tells whether the lease is over of the trial that an outcome belongs to.
 *
 * @param id - The trial's id; left out, the oldest trial is meant.
 */
export function hasLapsed({ lapsedTrials }: Trials, id: TrialId | undefined): boolean {
  return id === undefined ? lapsedTrials.length > 0 : lapsedTrials.includes(id);
}

/**
 * The trials without those that have ended.
 *
 * @param id - The trial that has ended; left out, the `count` oldest have.
 */
export function withoutTrial({ trials, lapsedTrials }: Trials, id: TrialId | undefined, count = 1): Trials {
  if (id === undefined)
    return { trials: trials.slice(Math.max(0, count - lapsedTrials.length)), lapsedTrials: lapsedTrials.slice(count) };
  return {
    trials: trials.filter((trial) => trial.id !== id),
    lapsedTrials: lapsedTrials.includes(id) ? lapsedTrials.filter((lapsed) => lapsed !== id) : lapsedTrials,
  };
}

/**
 * The trials with no lease longer than a full one from now: after the clock went back, no slot is held for longer.
 *
 * @param now - The present, epoch ms.
 */
export function shortenedLeases(trials: readonly Trial[], now: number, leaseMs: number): readonly Trial[] {
  return trials.map(({ id, expiresAt }) => ({ id, expiresAt: Math.min(expiresAt, now + leaseMs) }));
}

/** The trials that have not ended, of a breaker's context. */
export function outstandingOf({
  trials,
  outage: { lapsedTrials },
}: {
  readonly trials: readonly Trial[];
  readonly outage: Pick<Trials, 'lapsedTrials'>;
}): Trials {
  return { trials, lapsedTrials };
}

/** The number that names the next trial which is given no name: the next one that no trial has. */
export function nextTrialId(outstanding: Trials, trialsStarted: number): number {
  // Beyond the safe integers, where adding one changes nothing, it starts over.
  let id = Number.isSafeInteger(trialsStarted + 1) ? trialsStarted + 1 : 1;
  while (isOutstanding(outstanding, id)) id++;
  return id;
}

/** When the first of the leases runs out (epoch ms); Infinity where no trial is running. */
export function firstExpiry(trials: readonly Trial[]): number {
  return trials.reduce((earliest, { expiresAt }) => Math.min(earliest, expiresAt), Infinity);
}
