import type { BreakerEvent } from '../../machines/breaker-events.ts';
import type { MachineBench } from './machine-bench.ts';

/** The machine that is checked, and what it is checked with. */
export interface Subject {
  /** A new actor of the machine. */
  readonly start: () => MachineBench;
  /** A new actor of the machine, for which no error counts: its guard `countsAsFailure` says so. */
  readonly startUncounting: () => MachineBench;
  /** An actor that goes on from what another one has persisted, so many milliseconds later. */
  readonly restore: (from: MachineBench, afterMs: number) => MachineBench;
  /** A failure that counts. */
  readonly failure: unknown;
}

/** A rule that every breaker's machine keeps, whatever it judges by. */
export interface MachineRule {
  readonly name: string;
  /** Throws what is wrong. */
  readonly check: (subject: Subject) => void;
}

/** A trial ended well. */
export const succeeded = (trial: string): BreakerEvent => ({ type: 'call.succeeded', trial });

/**
 * A trial is to start.
 *
 * @param lot - A number from 0 to 1, which has to be below the share of a ramp.
 */
export const started = (trial: string, lot = 0): BreakerEvent => ({ type: 'trial.started', trial, lot });

/** Throws an Error where a machine is in another state. */
export function expectState(bench: MachineBench, wanted: string, when: string): void {
  if (bench.state !== wanted) throw new Error(`it is ${bench.state} ${when}, where ${wanted} was wanted`);
}

/** Throws an Error where events change the state or the context. */
export function expectUnchanged(bench: MachineBench, events: readonly BreakerEvent[], what: string): void {
  for (const event of events) {
    const before = bench.picture;
    bench.send(event);
    if (bench.picture !== before) throw new Error(`${event.type} has changed it ${what}`);
  }
}

/** Half-opens a machine and lets its trials go well, so that it is on its ramp, where it has one. */
export function passTrials(bench: MachineBench): void {
  bench.halfOpen();
  bench.send(started('a'), succeeded('a'), started('b'), succeeded('b'));
}
