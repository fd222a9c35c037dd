import { presentOf } from './actor-clock.ts';
import { type BreakerInput, type BreakerSettings, resolveSettings } from './breaker-settings.ts';
import { type FailureCounts, noFailures } from './failure-counts.ts';
import type { Trial } from './trials.ts';

/** Everything that the chart remembers. JSON-safe and never mutated. */
export interface BreakerContext extends FailureCounts {
  readonly name: string;
  readonly settings: BreakerSettings;
  /** Grows on every change of state and every reset; an outcome of an earlier one changes nothing. */
  readonly generation: number;
  /** When the present state was entered, epoch ms. */
  readonly since: number;
  /** When an open circuit is due for a trial, epoch ms; `null` in every other state. */
  readonly recoverAt: number | null;
  /** How often trials have failed since the circuit was last closed. */
  readonly reopenings: number;
  /** The half-open slots that are taken, oldest first. */
  readonly trials: readonly Trial[];
  /** Trials started in the breaker's life, or the highest number that named one; the next number is above it. */
  readonly trialsStarted: number;
  /** Successful trials since the circuit became half-open. */
  readonly trialSuccesses: number;
  /** How many hands hold the circuit open; 0 unless isolated. */
  readonly holds: number;
}

/** What every state starts from, but for what it sets itself. */
export const freshState = {
  ...noFailures,
  recoverAt: null,
  trials: [],
  trialSuccesses: 0,
  holds: 0,
} as const;

/**
 * The context of a new breaker.
 *
 * @throws BreakerOptionsError if the input is wrong. XState keeps an error thrown here in the actor's
 *   snapshot (`status: 'error'`) and reports it on `start()`.
 */
export function createContext({
  input,
  self,
}: {
  readonly input: BreakerInput | undefined;
  readonly self: object;
}): BreakerContext {
  return {
    name: input?.name ?? 'breaker',
    settings: resolveSettings(input ?? {}),
    generation: 0,
    since: presentOf(self),
    reopenings: 0,
    trialsStarted: 0,
    ...freshState,
  };
}
