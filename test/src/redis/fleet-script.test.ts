import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type RedisServer, startRedisServer } from '../../support/redis/redis-server.ts';
import { acquire, createScriptNodes, opening, openUntilDue } from './script-of-fleet.ts';

/** Leases, waits and nodes lapse by the server's own clock: real time has to pass, a little longer than they last, in ms. */
const untilLapsed = (lifeMs: number) => delay(lifeMs + 20);

describe('the script', () => {
  let server: RedisServer;
  beforeAll(async () => {
    server = await startRedisServer();
  });
  afterAll(() => server?.stop());
  beforeEach(async () => {
    await server.command('FLUSHALL');
  });

  const reset = { op: 'reset' } as const;
  const sync = { op: 'sync' } as const;

  it('lets nobody close or re-open by a lease that has passed to another', async () => {
    const node = createScriptNodes(server);
    const [late, other] = [node('late'), node('other')];
    await openUntilDue(late);
    const lapsed = await acquire(late, 20);
    await untilLapsed(20);
    const token = await acquire(other);
    expect(token).toBeGreaterThan(lapsed);
    expect((await late.ask({ op: 'close', token: lapsed })).isOpen).toBe(true);
    expect((await late.ask({ ...opening, wait: 60_000, token: lapsed })).rest).toBe(0);
    expect((await other.ask({ op: 'close', token: lapsed })).isOpen).toBe(true);
    expect((await other.ask({ op: 'close', token })).isOpen).toBe(false);
  });

  it('prolongs no lease from before a change, also while slots are free', async () => {
    const node = createScriptNodes(server);
    const [late, other] = [node('late'), node('other')];
    await openUntilDue(late);
    const lapsed = await acquire(late, 20);
    await untilLapsed(20);
    await other.ask({ ...opening, token: await acquire(other) });
    expect((await late.ask({ op: 'renew', leases: { [lapsed]: 5000 } })).kept).toEqual([]);
    await untilLapsed(opening.wait);
    expect((await late.ask({ op: 'renew', leases: { [lapsed]: 5000 } })).kept).toEqual([]);
    expect((await late.ask({ op: 'close', token: lapsed })).isOpen).toBe(true);
  });

  it('prolongs a lease that has lapsed or was lost with the data, while its slot is free', async () => {
    const node = createScriptNodes(server);
    const [one, other] = [node('one'), node('other')];
    await openUntilDue(one);
    const token = await acquire(one, 20);
    await untilLapsed(20);
    expect((await one.ask({ op: 'renew', leases: { [token]: 5000 } })).kept).toEqual([String(token)]);
    await server.command('FLUSHALL');
    expect((await one.ask({ op: 'renew', leases: { [token]: 5000 } })).kept).toEqual([String(token)]);
    await expect(acquire(other)).rejects.toThrow('There is no slot.');
    expect((await one.ask({ op: 'close', token })).isOpen).toBe(false);
  });

  it('lends the same slot again to whoever has not heard of it, and none twice', async () => {
    const node = createScriptNodes(server);
    const [one, other] = [node('one'), node('other')];
    await openUntilDue(one);
    const lost = await acquire(one);
    expect(await acquire(one)).toBe(lost);
    await expect(acquire(other)).rejects.toThrow('There is no slot.');
    const { token } = await one.ask({ op: 'acquire', ttl: 5000, isWanted: true, leases: { [lost]: 5000 } });
    expect(token).toBeUndefined();
  });

  it('tells a holder with its next renewal that its slot is wanted, until it is lent', async () => {
    const node = createScriptNodes(server);
    const [one, other] = [node('one'), node('other')];
    await openUntilDue(one);
    const token = await acquire(one);
    expect((await one.ask({ op: 'renew', leases: { [token]: 5000 } })).wantedBy).toBeUndefined();
    await expect(acquire(other)).rejects.toThrow('There is no slot.');
    expect((await one.ask({ op: 'renew', leases: { [token]: 5000 } })).wantedBy).toBe('other');
    await one.ask({ op: 'release', leases: { [token]: 0 } });
    const next = await acquire(other);
    expect((await other.ask({ op: 'renew', leases: { [next]: 5000 } })).wantedBy).toBeUndefined();
  });

  it('lends no slot before the wait is over, nor while the circuit is closed or isolated', async () => {
    const one = createScriptNodes(server)('one');
    await expect(acquire(one)).rejects.toThrow('There is no slot.');
    await one.ask({ ...opening, wait: 60_000 }, { quorum: 1 });
    await expect(acquire(one)).rejects.toThrow('There is no slot.');
    await one.ask(reset);
    await openUntilDue(one);
    await one.ask({ op: 'hold' }, { holds: 1 });
    await expect(acquire(one)).rejects.toThrow('There is no slot.');
  });

  it('counts no vote from outside of the window, from a node that has closed, or twice', async () => {
    const node = createScriptNodes(server);
    const [one, two, three] = [node('one'), node('two'), node('three')];
    for (const each of [one, two, three]) await each.ask(sync);
    await one.ask({ ...opening, age: 6000 });
    expect((await two.ask(opening)).isOpen).toBe(false);
    expect((await two.ask(opening)).isOpen).toBe(false);
    await two.ask({ op: 'close' });
    expect((await three.ask(opening)).isOpen).toBe(false);
    expect((await one.ask({ ...opening, age: 3000, wait: 8000 })).rest).toBeLessThanOrEqual(5000);
    expect(one.known.isOpen).toBe(true);
  });

  it('needs no more nodes for a quorum than are alive', async () => {
    const node = createScriptNodes(server, { quorum: 3 });
    const [one, two, gone] = [node('one'), node('two'), node('gone')];
    for (const each of [one, two]) await each.ask(sync);
    await gone.ask(sync, { alive: 30 });
    await one.ask(opening);
    expect((await two.ask(opening)).isOpen).toBe(false);
    await untilLapsed(30);
    expect((await two.ask(opening)).isOpen).toBe(true);
  });

  it('takes nobody for a fleet of one because the data were lost', async () => {
    const node = createScriptNodes(server);
    const [one, two] = [node('one'), node('two')];
    await two.ask(sync);
    await one.ask(sync);
    await server.command('FLUSHALL');
    expect((await one.ask(opening)).isOpen).toBe(false);
    expect((await one.ask(opening)).isOpen).toBe(false);
    expect((await two.ask(opening)).isOpen).toBe(true);
  });

  it('adopts the newest of what nodes know after it has lost its data, and no older state after that', async () => {
    const node = createScriptNodes(server);
    const [stale, fresh, reader] = [node('stale'), node('fresh'), node('reader')];
    await openUntilDue(stale);
    const { epoch } = await fresh.ask(reset);
    await fresh.ask({ op: 'hold' }, { holds: 1 });
    await server.command('FLUSHALL');
    expect((await reader.ask(sync)).epoch).toBe(0);
    expect(await stale.ask(sync)).toMatchObject({ isOpen: true, holders: [] });
    expect(await fresh.ask(sync, { holds: 1 })).toMatchObject({ isOpen: false, holders: ['fresh'], resetEpoch: epoch });
    expect(await stale.ask(sync)).toMatchObject({ isOpen: false, holders: ['fresh'] });
    // One who was told of the isolation restores it before the holder is back.
    await server.command('FLUSHALL');
    expect(await stale.ask(sync)).toMatchObject({ holders: ['fresh'] });
    expect((await reader.ask(reset)).epoch).toBeGreaterThan(epoch);
  });
});
