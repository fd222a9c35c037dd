import type { BreakerInput, FleetView, NodeEvent } from 'agent-circuit-breaker/machines';
import { unknownFleet } from '../../../machines/fleet-view.ts';
import { driveTo, inputFor, type Leaf, type RunningBreaker, startBreaker } from '../running-breaker.ts';
import { type Answer, createFakeFleet, type FakeFleet, type FakeMember } from './fake-fleet.ts';

/** A bare breaker in a fake fleet that it has reached. */
export interface FleetBreaker {
  readonly breaker: RunningBreaker;
  readonly fleet: FakeFleet;
  readonly member: FakeMember;
  readonly view: FleetView;
  /** What the breaker has told the fleet since it was asked last. */
  news(): readonly NodeEvent[];
}

/** How long the breakers of these tests wait, and how long their trials may take, in ms. */
export const times = { recoveryTimeout: 1_000, trialTimeout: 400 } as const;

/** For how long a slot is lent at most, in ms: a second, since a trial may take no longer than that. */
export const longestLease = 1_000;

/** Starts a breaker that the fleet has told that it can be reached. */
export function startInFleet(input: BreakerInput = {}, answer?: Answer): FleetBreaker {
  const fleet = createFakeFleet(answer);
  const breaker = startBreaker({ name: 'model', ...times, ...input }, { machine: fleet.machine });
  const { member } = fleet;
  member.send({ type: 'fleet.connected' });
  breaker.emitted.length = 0;
  return {
    ...{ breaker, fleet, member },
    get view() {
      return breaker.context.fleet ?? unknownFleet;
    },
    news: () => member.told.splice(0),
  };
}

/** The same, half-open because the fleet is; it has lent `leases` slots, by the tokens 1, 2 and so on. */
export function startHalfOpen(leases = 0, input: BreakerInput = {}): FleetBreaker {
  const started = startInFleet(input);
  const { breaker, member, news } = started;
  member.send({ type: 'fleet.opened', openFor: 500 });
  breaker.clock.jump(500);
  breaker.send({ type: 'recovery.elapsed' });
  for (let token = 1; token <= leases; token++) member.send({ type: 'fleet.leaseGranted', token });
  expectLeaf(breaker, leases === 0 ? 'halfOpen.waiting' : 'halfOpen.free');
  breaker.emitted.length = 0;
  news();
  return started;
}

/** A breaker in a fleet, brought to a leaf by itself; waiting, it can only be brought by the fleet. */
export function startInLeaf(leaf: Leaf): FleetBreaker {
  if (leaf === 'halfOpen.waiting') return startHalfOpen();
  const started = startInFleet(inputFor(leaf));
  driveTo(started.breaker, leaf);
  started.news();
  return started;
}

function expectLeaf({ leaf }: RunningBreaker, expected: Leaf): void {
  if (leaf !== expected) throw new Error(`expected the breaker to be ${expected}, but it is ${leaf}`);
}
