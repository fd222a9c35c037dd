import type {
  BreakerContext,
  BreakerEmitted,
  BreakerEvent,
  BreakerInput,
  Fleet,
  FleetInput,
  NodeEvent,
} from 'agent-circuit-breaker/machines';
import {
  type CircuitBreakerMachine,
  circuitBreakerMachine,
  fleetImplementations,
} from 'agent-circuit-breaker/machines';
import { type ActorRefFrom, createActor, fromCallback, type NonReducibleUnknown, type SnapshotFrom } from 'xstate';
import { createTestClock, type TestClock } from '../support/test-clock.ts';

/** A leaf of the chart, as one word. */
export type Leaf = (typeof leaves)[number];

export const leaves = [
  'closed',
  'open',
  'halfOpen.free',
  'halfOpen.waiting',
  'halfOpen.full',
  'halfOpen.ramping',
  'isolated',
  'disabled',
] as const;

/** A bare actor of the machine on a test clock, with everything that it has emitted. */
export interface RunningBreaker {
  readonly actor: ActorRefFrom<CircuitBreakerMachine>;
  readonly clock: TestClock;
  /** What the actor has emitted, oldest first; a test may empty it. */
  readonly emitted: BreakerEmitted[];
  /** The present leaf; throws what stopped the actor, if anything has. */
  readonly leaf: Leaf;
  readonly context: BreakerContext;
  readonly isAdmitting: boolean;
  /** Sends events one after the other. */
  send(...events: readonly BreakerEvent[]): void;
}

interface Setting {
  readonly clock?: TestClock;
  readonly machine?: CircuitBreakerMachine;
}

/** Starts a bare actor; no facade is involved. */
export function startBreaker(
  input: BreakerInput = {},
  { clock = createTestClock(), machine = circuitBreakerMachine }: Setting = {},
): RunningBreaker {
  const breaker = observe(createActor(machine, { input, clock }), clock);
  breaker.actor.start();
  return breaker;
}

/** Listens to an actor that somebody else starts. */
export function observe(actor: ActorRefFrom<CircuitBreakerMachine>, clock: TestClock): RunningBreaker {
  const emitted: BreakerEmitted[] = [];
  const deaths: unknown[] = [];
  actor.on('*', (event) => emitted.push(event));
  actor.subscribe({ error: (error) => deaths.push(error) });
  const living = () => {
    if (deaths.length > 0) throw deaths[0];
    return actor.getSnapshot();
  };
  return {
    actor,
    clock,
    emitted,
    get leaf() {
      return leafOf(living());
    },
    get context() {
      return living().context;
    },
    get isAdmitting() {
      return living().hasTag('admitting');
    },
    send: (...events) => {
      for (const event of events) actor.send(event);
    },
  };
}

/** The same breaker in another life: stored as JSON, and restored by plain XState. */
export function restored({ actor, clock }: RunningBreaker): RunningBreaker {
  const snapshot = JSON.parse(JSON.stringify(actor.getPersistedSnapshot()));
  actor.stop();
  const next = observe(createActor(circuitBreakerMachine, { snapshot, clock }), clock);
  next.actor.start();
  return next;
}

/** The leaf of a snapshot. */
export function leafOf({ value }: Pick<SnapshotFrom<CircuitBreakerMachine>, 'value'>): Leaf {
  return typeof value === 'string' ? value : `halfOpen.${value.halfOpen}`;
}

/** Brings a new breaker to a leaf by events alone, and empties what it has emitted on the way. */
export function driveTo(breaker: RunningBreaker, leaf: Leaf): RunningBreaker {
  const { settings } = breaker.context;
  if (leaf === 'isolated') breaker.send({ type: 'breaker.isolate' });
  if (leaf === 'disabled') breaker.send({ type: 'breaker.disable' });
  const waits = leaf === 'halfOpen.waiting';
  const isTripped = leaf === 'open' || (leaf.startsWith('halfOpen') && !waits);
  if (isTripped) breaker.send({ type: 'breaker.trip' });
  // The fleet is reached and open, its wait is over, and it lends no slot.
  if (waits) breaker.send({ type: 'fleet.connected' }, { type: 'fleet.opened' });
  if (leaf.startsWith('halfOpen')) {
    breaker.clock.jump(settings.recoveryTimeoutMs);
    breaker.send({ type: 'recovery.elapsed' });
  }
  if (leaf === 'halfOpen.full')
    for (let slot = 0; slot < settings.halfOpenTrials; slot++) breaker.send({ type: 'trial.started' });
  // Nobody announces these trials, so that ends without a name go on to count.
  if (leaf === 'halfOpen.ramping') breaker.send({ type: 'call.succeeded', count: settings.successThreshold });
  if (breaker.leaf !== leaf) throw new Error(`expected the breaker to be ${leaf}, but it is ${breaker.leaf}`);
  breaker.emitted.length = 0;
  return breaker;
}

/** A ramp, for breakers that are to reach the leaf where it is. */
export const ramp = { recoveryRamp: { steps: 3, stepDuration: 100 } } as const;

/** What a breaker needs to be given to reach a leaf. */
export function inputFor(leaf: Leaf): BreakerInput {
  return leaf === 'halfOpen.ramping' ? ramp : {};
}

/** A breaker in a leaf. */
export function startIn(leaf: Leaf, input: BreakerInput = {}, setting: Setting = {}): RunningBreaker {
  const machine = machineFor(leaf, setting.machine);
  return driveTo(startBreaker({ ...inputFor(leaf), ...input }, { ...setting, machine }), leaf);
}

/** A fleet that says nothing by itself. */
export const silentFleet: Fleet = fleetImplementations(
  fromCallback<NodeEvent, FleetInput & NonReducibleUnknown>(() => {}),
);

/** The machine with which a leaf can be reached: only in a fleet there is a slot to wait for. */
export function machineFor(leaf: Leaf, machine: CircuitBreakerMachine = circuitBreakerMachine): CircuitBreakerMachine {
  return leaf === 'halfOpen.waiting' ? machine.provide(silentFleet) : machine;
}

/** `count` times the same thing. */
export function times<T>(count: number, thing: T): readonly T[] {
  return Array.from({ length: count }, () => thing);
}

/** How long a test that plays hundreds of random histories may take on a busy computer, in milliseconds. */
export const patience = 120_000;
