import { presentOf } from './actor-clock.ts';
import type { BreakerStateName } from './breaker-events.ts';
import { noOutcomes, type OutcomeCounts } from './counting/outcome-counts.ts';
import type { FleetView } from './fleet-view.ts';
import { noOutage, type Outage } from './outage.ts';
import type { BreakerInput } from './settings/breaker-input.ts';
import { type BreakerSettings, partialSettings } from './settings/breaker-settings.ts';
import type { Trial } from './trials.ts';

/** A state that was left. */
export interface LeftState {
  readonly state: BreakerStateName;
  /** The token of the half-open slot that the fleet had lent to what has left it; `null` without one. */
  readonly token: number | null;
}

/**
 * Everything that the chart remembers. JSON-safe and never mutated. At most nineteen fields: with one more, V8 makes a
 * dictionary of what `assign` returns, which takes twice the memory and the time.
 */
export interface BreakerContext extends OutcomeCounts {
  readonly name: string;
  readonly settings: BreakerSettings;
  /** Grows on every change of state and every reset; an outcome of an earlier one changes nothing. */
  readonly generation: number;
  /** When the present state was entered, epoch ms. */
  readonly since: number;
  /** When an open circuit is due for a trial, epoch ms; `null` in every other state. */
  readonly recoverAt: number | null;
  /** How long the wait of an open circuit was when it began or was last extended, in ms; `null` in every other state. */
  readonly waitMs: number | null;
  /** How often trials have failed since the circuit was last closed. */
  readonly reopenings: number;
  /** What is known of the present outage. */
  readonly outage: Outage;
  /** The half-open slots that are taken, oldest first. */
  readonly trials: readonly Trial[];
  /** Trials started in the breaker's life, or the highest number that named one; the next number is above it. */
  readonly trialsStarted: number;
  /** Successful trials since the circuit became half-open. */
  readonly trialSuccesses: number;
  /** When a half-open circuit began to let growing shares of the calls through, epoch ms; `null` unless it does. */
  readonly rampStartedAt: number | null;
  /** How many hands hold the circuit open; 0 unless isolated. */
  readonly holds: number;
  /**
   * What a strategy of your own remembers of the present generation, JSON-safe; the chart itself only clears it.
   * `createBreakerMachine().provide(...)` may assign it in `recordSuccess` and `recordFailure`, and ask it in
   * `thresholdReached`. XState's persisted snapshots hold it; a facade's `toJSON()`, which has no strategy of your own
   * to go on with, does not.
   */
  readonly memory: unknown;
  /** The state that is being left, until the next one has told of it; `null` in every snapshot. */
  readonly left: LeftState | null;
  /** What is known of the fleet; `null` without one, and before the first word from it. */
  readonly fleet: FleetView | null;
}

/** What every state starts from, but for what it sets itself. */
export const freshState = {
  ...noOutcomes,
  recoverAt: null,
  waitMs: null,
  outage: noOutage,
  trials: [],
  trialSuccesses: 0,
  rampStartedAt: null,
  holds: 0,
  memory: null,
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
    // The machine may know more options than the input; all of them together are judged by its action `configure`.
    settings: partialSettings(input ?? {}),
    generation: 0,
    since: presentOf(self),
    reopenings: 0,
    trialsStarted: 0,
    ...freshState,
    left: null,
    fleet: null,
  };
}
