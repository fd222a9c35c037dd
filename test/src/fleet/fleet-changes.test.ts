import { CircuitBreakerOpenError, createBreaker } from 'agent-circuit-breaker';
import { describe, expect, it, vi } from 'vitest';
import { createFakeFleet } from '../../machines/fleet/fake-fleet.ts';
import { flushMicrotasks, reasonOf } from '../../support/calls.ts';
import { createTestClock } from '../../support/test-clock.ts';
import { createInFleet, createWaiting, openingBy, times } from './fleet-facade.ts';

const elsewhere = new Error('failed elsewhere');
const reason = { name: 'ProviderError', kind: 'overloaded', status: 529 };

describe('what a fleet changes', () => {
  it('is told to the listeners, as everything that happens here is', async () => {
    const told: string[] = [];
    const { breaker, clock, member } = createInFleet({
      onStateChange: (from, to) => told.push(`${from} -> ${to}`),
      onOpen: ({ recoverAt }) => told.push(`open for ${recoverAt - clock.now()}`),
      onHalfOpen: () => told.push('half-open'),
      onClose: () => told.push('close'),
    });
    breaker.on('open', () => told.push(breaker.state));
    member.send({ type: 'fleet.opened', openFor: 500 });
    await flushMicrotasks();
    clock.advance(500);
    await flushMicrotasks();
    member.send({ type: 'fleet.closed' });
    await flushMicrotasks();
    expect(told).toEqual([
      ...['closed -> open', 'open for 500', 'open'],
      ...['open -> halfOpen', 'half-open', 'halfOpen -> closed', 'close'],
    ]);
  });

  it('is so from the next call on', async () => {
    const { breaker, member } = createInFleet();
    const fn = vi.fn(() => 'answer');
    member.send({ type: 'fleet.opened' });
    expect(await reasonOf(breaker.call(fn))).toMatchObject({ reason: 'open', retryAfterMs: times.recoveryTimeout });
    member.send({ type: 'fleet.isolated' });
    expect(await reasonOf(breaker.call(fn))).toMatchObject({ reason: 'isolated', retryAfterMs: null });
    expect(fn).not.toHaveBeenCalled();
    member.send({ type: 'fleet.closed' });
    expect(await breaker.call(fn)).toBe('answer');
  });

  it('makes outcomes void that are held back, or still on their way', async () => {
    const { breaker, member } = createInFleet({ failureThreshold: 3 });
    const late = breaker.acquire();
    for (let n = 0; n < 2; n++) await reasonOf(breaker.call(() => Promise.reject(elsewhere)));
    member.send({ type: 'fleet.opened' }, { type: 'fleet.closed' });
    late.fail(elsewhere);
    await reasonOf(breaker.call(() => Promise.reject(elsewhere)));
    expect(breaker.metrics()).toMatchObject({ state: 'closed', consecutiveFailures: 1, generation: 2 });
  });

  it('never makes a call wait: its function has been called when call() returns', () => {
    const { breaker, member } = createWaiting();
    const fn = vi.fn(() => 'answer');
    expect(() => breaker.callSync(fn)).toThrow(CircuitBreakerOpenError);
    member.send({ type: 'fleet.leaseGranted' });
    expect(breaker.callSync(fn)).toBe('answer');
    breaker.call(fn);
    expect(fn).toHaveBeenCalledTimes(2);
  });

  it('leaves an isolation by hand alone, until its handle is disposed', () => {
    const { breaker, member } = createInFleet();
    const hold = breaker.isolate();
    member.send({ type: 'fleet.isolated' }, { type: 'fleet.closed' });
    expect(breaker.state).toBe('isolated');
    hold[Symbol.dispose]();
    expect(breaker.state).toBe('closed');
    member.send({ type: 'fleet.isolated' });
    breaker.isolate()[Symbol.dispose]();
    expect(breaker.state).toBe('isolated');
  });
});

describe('the cause of a rejection', () => {
  const causeOf = async (breaker: { call(fn: () => string): Promise<string> }) =>
    Object(await reasonOf(breaker.call(() => 'never'))).cause;

  it('S-23 is the error that the fleet opened with, though nobody listens', async () => {
    const { breaker, clock, member } = createInFleet();
    member.send(openingBy(elsewhere, { openFor: 500 }));
    expect(await causeOf(breaker)).toBe(elsewhere);
    clock.jump(500);
    expect(await causeOf(breaker)).toBe(elsewhere);
    member.send({ type: 'fleet.closed' }, { type: 'fleet.opened' });
    expect(await causeOf(breaker)).toBeUndefined();
  });

  it('S-23 is that of a fleet which answers a call at once, too', async () => {
    const { breaker } = createWaiting({}, ({ type }) =>
      type === 'lease.requested' ? openingBy(elsewhere, { openFor: 70 }) : undefined,
    );
    expect(await reasonOf(breaker.call(() => 'never'))).toMatchObject({ reason: 'halfOpen' });
    expect(await reasonOf(breaker.call(() => 'never'))).toMatchObject({ reason: 'open', cause: elsewhere });
  });

  it('S-23 is forgotten when somebody holds the circuit open', async () => {
    const { breaker, member } = createInFleet();
    member.send(openingBy(elsewhere), { type: 'fleet.isolated' });
    expect(await causeOf(breaker)).toBeUndefined();
  });

  it('S-75 is nowhere to be read but there', () => {
    const { breaker, member } = createInFleet();
    member.send(openingBy(new Error('sk-live-0123456789'), { reason }));
    const written = JSON.stringify([breaker.toJSON(), breaker.metrics(), breaker.actor.getPersistedSnapshot()]);
    expect(written).toContain('ProviderError');
    expect(written).not.toContain('sk-live');
  });
});

describe('a breaker that is restored', () => {
  it('joins its fleet, by the name and with the settings that it has now', () => {
    const former = createInFleet();
    former.breaker.trip();
    const { fleet, members } = createFakeFleet();
    const snapshot = JSON.parse(JSON.stringify(former.breaker.toJSON()));
    const clock = createTestClock();
    const breaker = createBreaker({ snapshot, clock, fleet, recoveryTimeout: 7 });
    expect(members.map(({ input }) => [input.name, input.settings.recoveryTimeoutMs])).toEqual([['model', 7]]);
    expect(breaker.metrics()).toMatchObject({ state: 'open', fleet: null });
    members[0]?.send({ type: 'fleet.closed' });
    expect(breaker.state).toBe('closed');
  });

  it('holds nothing of a fleet that it has left', () => {
    const { breaker, member } = createWaiting();
    expect(JSON.stringify(breaker.toJSON())).not.toContain('fleet');
    breaker.stop();
    expect(member.isThere).toBe(false);
  });
});

describe('a breaker without a fleet', () => {
  it('has no actor for one, and no metrics', () => {
    const breaker = createBreaker({ clock: createTestClock() });
    expect(Object.keys(breaker.actor.getSnapshot().children)).toEqual([]);
    expect(breaker.metrics().fleet).toBeNull();
  });
});
