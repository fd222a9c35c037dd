import type { FleetMetrics } from 'agent-circuit-breaker';
import { createBreaker } from 'agent-circuit-breaker';
import { describe, expect, it } from 'vitest';
import { createFakeFleet } from '../../machines/fleet/fake-fleet.ts';
import { createInFleet, type FleetFacade, times } from './fleet-facade.ts';

const reason = { name: 'ProviderError', kind: 'overloaded', status: 529 };
const calm: FleetMetrics = { isConnected: true, state: 'closed', ownState: 'closed', holdsOfOthers: 0, reason: null };

interface Scene {
  readonly title: string;
  readonly play: (facade: FleetFacade) => void;
  readonly fleet: Partial<FleetMetrics>;
}

const scenes: readonly Scene[] = [
  { title: 'a fleet that is reached', play: () => {}, fleet: {} },
  {
    title: 'a fleet that is lost',
    play: ({ member }) => member.send({ type: 'fleet.disconnected' }),
    fleet: { isConnected: false },
  },
  {
    title: 'a breaker that opened alone',
    play: ({ breaker }) => breaker.trip(),
    fleet: { ownState: 'open' },
  },
  {
    title: 'a fleet that opened',
    play: ({ member }) => member.send({ type: 'fleet.opened', reason }),
    fleet: { state: 'open', reason },
  },
  {
    title: 'a fleet that opened after the breaker',
    play: ({ breaker, member }) => {
      breaker.trip();
      member.send({ type: 'fleet.opened' });
    },
    fleet: { state: 'open', ownState: 'open' },
  },
  {
    title: 'a fleet whose wait is over',
    play: ({ clock, member }) => {
      member.send({ type: 'fleet.opened', reason });
      clock.jump(times.recoveryTimeout);
    },
    fleet: { state: 'halfOpen', reason },
  },
  {
    title: 'a failed trial of its own',
    play: ({ breaker, clock, member }) => {
      member.send({ type: 'fleet.opened' });
      clock.jump(times.recoveryTimeout);
      breaker.metrics();
      member.send({ type: 'fleet.leaseGranted' });
      breaker.acquire().fail(new Error('down'));
    },
    fleet: { state: 'open', ownState: 'open' },
  },
  {
    title: 'others who hold the circuit open',
    play: ({ member }) => member.send({ type: 'fleet.isolated', others: 2 }),
    fleet: { state: 'isolated', holdsOfOthers: 2 },
  },
  {
    title: 'others and a hand here who hold it',
    play: ({ breaker, member }) => {
      member.send({ type: 'fleet.isolated' });
      breaker.isolate();
    },
    fleet: { state: 'isolated', ownState: 'isolated', holdsOfOthers: 1 },
  },
  {
    title: 'others who still hold it after the hand here',
    play: ({ breaker, member }) => {
      const hold = breaker.isolate();
      member.send({ type: 'fleet.isolated' });
      hold[Symbol.dispose]();
    },
    fleet: { state: 'isolated', holdsOfOthers: 1 },
  },
  {
    title: 'a disabled breaker in an open fleet',
    play: ({ breaker, member }) => {
      breaker.disable();
      member.send({ type: 'fleet.opened', reason });
    },
    fleet: { state: 'open', ownState: 'disabled', reason },
  },
  {
    title: 'a stopped breaker',
    play: ({ breaker, member }) => {
      member.send({ type: 'fleet.opened', reason });
      breaker.stop();
    },
    fleet: { isConnected: false, state: 'open', ownState: 'stopped', reason },
  },
];

describe('metrics().fleet', () => {
  it.each(scenes)('shows $title', ({ play, fleet }) => {
    const facade = createInFleet();
    play(facade);
    expect(facade.breaker.metrics().fleet).toEqual({ ...calm, ...fleet });
  });

  it('is null before the first word from the fleet', () => {
    expect(createBreaker({ name: 'model', fleet: createFakeFleet().fleet }).metrics().fleet).toBeNull();
  });
});
