import { type BreakerOptions, type CircuitBreaker, createBreaker } from 'agent-circuit-breaker';
import type { FleetOpenedEvent, NodeEvent } from 'agent-circuit-breaker/machines';
import { type Answer, createFakeFleet, type FakeMember } from '../../machines/fleet/fake-fleet.ts';
import { createTestClock, type TestClock } from '../../support/test-clock.ts';

/** A breaker in a fake fleet that it has reached. */
export interface FleetFacade {
  readonly breaker: CircuitBreaker;
  readonly clock: TestClock;
  readonly member: FakeMember;
  /** What the breaker has told the fleet since it was asked last. */
  news(): readonly NodeEvent[];
}

/** How long the breakers of these tests wait, and how long their trials may take, in ms. */
export const times = { recoveryTimeout: 1_000, trialTimeout: 400 } as const;

/** Creates a breaker that the fleet has told that it can be reached. */
export function createInFleet(options: BreakerOptions = {}, answer?: Answer, sharesFailures?: boolean): FleetFacade {
  const { fleet, members } = createFakeFleet(answer, sharesFailures);
  const clock = createTestClock();
  const breaker = createBreaker({ name: 'model', ...times, clock, fleet, ...options });
  const [member] = members;
  if (member === undefined) throw new Error('expected the breaker to have joined the fleet');
  member.send({ type: 'fleet.connected' });
  return { breaker, clock, member, news: () => member.told.splice(0) };
}

/** The same, half-open because the fleet is, and waiting for a slot. */
export function createWaiting(options: BreakerOptions = {}, answer?: Answer): FleetFacade {
  const facade = createInFleet(options, answer);
  facade.member.send({ type: 'fleet.opened', openFor: 500 });
  facade.clock.jump(500);
  facade.breaker.metrics();
  facade.news();
  return facade;
}

/** An event with which a fleet opens, and why, the way a fleet sends it. */
export function openingBy(error: unknown, details: Partial<FleetOpenedEvent> = {}): FleetOpenedEvent {
  return Object.defineProperty({ type: 'fleet.opened', ...details }, 'error', { value: error });
}
