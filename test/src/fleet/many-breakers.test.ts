import { attachBreaker, createBreakerRegistry } from 'agent-circuit-breaker';
import { describe, expect, it } from 'vitest';
import { createFakeFleet } from '../../machines/fleet/fake-fleet.ts';
import { reasonOf } from '../../support/calls.ts';
import { createTestClock } from '../../support/test-clock.ts';
import { homes } from '../attached/homes.ts';
import { openingBy } from './fleet-facade.ts';

const elsewhere = new Error('failed elsewhere');

describe('a registry with a fleet', () => {
  it('has each breaker join by its key, and leave with its end', () => {
    const { fleet, members } = createFakeFleet();
    const registry = createBreakerRegistry({ fleet, clock: createTestClock(), maxSize: 2 });
    for (const key of ['a', 'b', 'a']) registry.get(key);
    expect(members.map(({ input }) => input.name)).toEqual(['a', 'b']);
    members[1]?.send({ type: 'fleet.opened' });
    expect([registry.get('a').state, registry.get('b').state]).toEqual(['closed', 'open']);
    registry.get('a').stop();
    expect(members.map(({ isThere }) => isThere)).toEqual([false, true]);
    registry.stop();
    expect(members.map(({ isThere }) => isThere)).toEqual([false, false]);
  });

  it('tells why a fleet opened in the rejections of that breaker', async () => {
    const { fleet, members } = createFakeFleet();
    const registry = createBreakerRegistry({ fleet, clock: createTestClock() });
    const breaker = registry.get('a');
    members[0]?.send(openingBy(elsewhere));
    expect(await reasonOf(breaker.call(() => 'never'))).toMatchObject({ breaker: 'a', cause: elsewhere });
  });

  it('lets one breaker have another fleet, or one of its own', () => {
    const [shared, own] = [createFakeFleet(), createFakeFleet()];
    const registry = createBreakerRegistry({ fleet: shared.fleet, clock: createTestClock() });
    registry.get('a', { fleet: own.fleet });
    registry.get('b', { failureThreshold: 2 });
    registry.get('c', { fleet: undefined });
    expect([shared, own].map(({ members }) => members.map(({ input }) => input.name))).toEqual([['b', 'c'], ['a']]);
    expect(shared.members[0]?.input.settings.failureThreshold).toBe(2);
  });

  it('has every failure told where its fleet shares failures', async () => {
    const { fleet, members } = createFakeFleet(undefined, true);
    const registry = createBreakerRegistry({ fleet, failureWindow: 60_000, clock: createTestClock() });
    await reasonOf(registry.get('a').call(() => Promise.reject(elsewhere)));
    expect(members[0]?.told).toEqual([expect.objectContaining({ type: 'node.failed', count: 1 })]);
  });
});

describe.each(Object.entries(homes))('attachBreaker() over %s with a fleet', (_title, createHome) => {
  it('S-72 hears and tells as any other facade does', async () => {
    const fleet = createFakeFleet();
    const { actor, clock, stop } = createHome({ failureThreshold: 1, recoveryTimeout: 1_000 }, fleet.machine);
    const breaker = attachBreaker(actor);
    const { member } = fleet;
    member.send({ type: 'fleet.connected' }, openingBy(elsewhere, { openFor: 500 }));
    expect(await reasonOf(breaker.call(() => 'never'))).toMatchObject({ reason: 'open', cause: elsewhere });
    clock.jump(500);
    for (let n = 0; n < 2; n++) await reasonOf(breaker.call(() => 'never'));
    expect(member.told.map(({ type }) => type)).toEqual(['node.changed', 'lease.requested']);
    member.send({ type: 'fleet.leaseGranted', token: 5 });
    await reasonOf(breaker.call(() => Promise.reject(Object.assign(new TypeError('down'), { status: 503 }))));
    const reason = { name: 'TypeError', kind: null, status: 503 };
    expect(member.told.at(-1)).toMatchObject({ type: 'node.changed', to: 'open', token: 5, reason });
    expect(fleet.members).toHaveLength(1);
    stop();
    expect(member.isThere).toBe(false);
  });
});
