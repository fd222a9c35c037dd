import { type ActorRefFrom, createActor, type Snapshot } from 'xstate';
import type { BreakerEmitted, BreakerEvent, BreakerTag } from '../../machines/breaker-events.ts';
import type { BreakerInput } from '../../machines/breaker-input.ts';
import type { CircuitBreakerMachine } from '../customise-machine.ts';
import { createTestClock, type TestClock } from './test-clock.ts';

/** An actor of a machine that is checked, on a clock that stands still. */
export interface MachineBench {
  readonly actor: ActorRefFrom<CircuitBreakerMachine>;
  readonly clock: TestClock;
  readonly emitted: readonly BreakerEmitted[];
  /** The top-level state, such as `halfOpen`. */
  readonly state: string;
  send(...events: readonly BreakerEvent[]): void;
  has(tag: BreakerTag): boolean;
  /** Opens it by hand and lets its wait pass. */
  halfOpen(): void;
}

/** Small numbers, so that every limit is met. */
export const benchInput = {
  recoveryTimeout: 1_000,
  recoveryBackoff: { factor: 1 },
  halfOpenTrials: 2,
  successThreshold: 2,
  trialTimeout: 300,
} as const satisfies BreakerInput;

/** Starts an actor of the machine, maybe from a snapshot. */
export function startBench(
  machine: CircuitBreakerMachine,
  snapshot?: Snapshot<unknown>,
  start = 1_000_000,
): MachineBench {
  const clock = createTestClock(start);
  const actor = createActor(machine, { input: benchInput, clock, ...(snapshot && { snapshot }) });
  const emitted: BreakerEmitted[] = [];
  actor.on('*', (event) => emitted.push(event));
  // What stops the actor is told by its status, and must not be an uncaught exception.
  actor.subscribe({ error: () => {} });
  actor.start();
  const bench: MachineBench = {
    actor,
    clock,
    emitted,
    get state() {
      const { value } = actor.getSnapshot();
      return typeof value === 'string' ? value : 'halfOpen';
    },
    send: (...events) => {
      for (const event of events) actor.send(event);
    },
    has: (tag) => actor.getSnapshot().hasTag(tag),
    halfOpen: () => {
      actor.send({ type: 'breaker.trip' });
      clock.advance(Number(actor.getSnapshot().context.recoverAt) - clock.now());
    },
  };
  return bench;
}
