import { type ActorRefFrom, createActor, type Snapshot } from 'xstate';
import type { BreakerContext } from '../../machines/breaker-context.ts';
import type { BreakerEmitted, BreakerEvent, BreakerTag } from '../../machines/breaker-events.ts';
import type { BreakerInput } from '../../machines/settings/breaker-input.ts';
import type { CircuitBreakerMachine } from '../machine/customise-machine.ts';
import { createTestClock, type TestClock } from './test-clock.ts';

/** An actor of a machine that is checked, on a clock that stands still. */
export interface MachineBench {
  readonly actor: ActorRefFrom<CircuitBreakerMachine>;
  readonly clock: TestClock;
  readonly emitted: readonly BreakerEmitted[];
  /** The top-level state, such as `halfOpen`. */
  readonly state: string;
  readonly context: BreakerContext;
  /** State and context as text, which tells whether anything has changed. */
  readonly picture: string;
  /** When its wait is over, epoch ms; an Error where it has none. */
  readonly recoverAt: number;
  /** Throws an Error where an event stops the actor. */
  send(...events: readonly BreakerEvent[]): void;
  has(tag: BreakerTag): boolean;
  /** Fires timers until an instant (epoch ms), which is reached whatever rounding does. */
  advanceTo(at: number): void;
  /** Goes to an instant (epoch ms) like `advanceTo`, but fires no timer. */
  jumpTo(at: number): void;
  /** Opens it by hand and lets its wait pass. */
  halfOpen(): void;
}

/** Small numbers, so that every limit is met. */
export const benchInput = {
  recoveryTimeout: 1_000,
  recoveryBackoff: { factor: 1 },
  halfOpenTrials: 2,
  successThreshold: 2,
  trialFailureThreshold: 1,
  trialTimeout: 300,
} as const satisfies BreakerInput;

/** Instants are fractions of a millisecond: by less than this, sums of them differ that ought to be the same. */
export const roundingMs = 0.01;

/** Starts an actor of the machine, maybe from a snapshot. */
export function startBench(
  machine: CircuitBreakerMachine,
  snapshot?: Snapshot<unknown>,
  start = 1_000_000,
): MachineBench {
  const clock = createTestClock(start);
  const actor = createActor(machine, {
    input: benchInput,
    clock: withFewTimers(clock),
    ...(snapshot && { snapshot }),
  });
  const emitted: BreakerEmitted[] = [];
  actor.on('*', (event) => emitted.push(event));
  // What stops the actor is told by its status, and must not be an uncaught exception.
  actor.subscribe({ error: () => {} });
  actor.start();
  assertActive(actor, 'its start');
  const untilReached = (at: number) => Math.max(0, at + roundingMs - clock.now());
  const bench: MachineBench = {
    actor,
    clock,
    emitted,
    get state() {
      const { value } = actor.getSnapshot();
      return typeof value === 'string' ? value : 'halfOpen';
    },
    get context() {
      return actor.getSnapshot().context;
    },
    get picture() {
      return JSON.stringify([actor.getSnapshot().value, bench.context]);
    },
    get recoverAt() {
      const { recoverAt } = bench.context;
      if (typeof recoverAt === 'number' && Number.isFinite(recoverAt)) return recoverAt;
      throw new Error(`it is ${bench.state} and does not tell until when: its recoverAt is ${recoverAt}`);
    },
    send: (...events) => {
      for (const event of events) {
        actor.send(event);
        assertActive(actor, String(event.type));
      }
    },
    has: (tag) => actor.getSnapshot().hasTag(tag),
    advanceTo: (at) => {
      clock.advance(untilReached(at));
      assertActive(actor, 'a timer');
    },
    jumpTo: (at) => clock.jump(untilReached(at)),
    halfOpen: () => {
      bench.send({ type: 'breaker.trip' });
      bench.advanceTo(bench.recoverAt);
    },
  };
  return bench;
}

/** Starts an actor that goes on from what another one has persisted, so many milliseconds later. */
export function restoreBench(from: MachineBench, afterMs: number, machine: CircuitBreakerMachine): MachineBench {
  const snapshot = JSON.parse(JSON.stringify(from.actor.getPersistedSnapshot()));
  return startBench(machine, snapshot, from.clock.now() + afterMs);
}

function assertActive(actor: MachineBench['actor'], what: string): void {
  const { status, error } = actor.getSnapshot();
  if (status !== 'active') throw new Error(`${what} has stopped it: ${String(error)}`);
}

/** A delay of nothing that is set again and again would keep the clock from ever moving on. */
function withFewTimers(clock: TestClock): TestClock {
  let timersLeft = 10_000;
  return {
    ...clock,
    setTimeout(callback, ms) {
      if (timersLeft-- <= 0) throw new Error('it sets timers without end');
      return clock.setTimeout(callback, ms);
    },
  };
}
