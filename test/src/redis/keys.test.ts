import { createBreaker } from 'agent-circuit-breaker';
import { redisFleet } from 'agent-circuit-breaker/redis';
import { createClient } from 'redis';
import { describe, expect, it } from 'vitest';
import { type RedisServer, startRedisServer } from '../../support/redis/redis-server.ts';
import { connectTo, eventually, newPrefix, startNodes, untilCallGoesWell } from './fleet-node.ts';

/** Every key that there is, with its time to live in ms. */
async function timesToLive({ command }: RedisServer): Promise<Readonly<Record<string, number>>> {
  const keys = await command('KEYS', '*');
  const names = Array.isArray(keys) ? keys.map(String) : [];
  const times = await Promise.all(names.map((key) => command('PTTL', key)));
  const entries = names.map((key, index) => [key.slice(key.lastIndexOf(':') + 1), Number(times[index])] as const);
  // One that has gone in between has had its time.
  return Object.fromEntries(entries.filter(([, time]) => time !== -2));
}

/** Everything that is stored under any key, as text. */
async function contentsOf({ command }: RedisServer): Promise<string> {
  const keys = await command('KEYS', '*');
  const names = Array.isArray(keys) ? keys.map(String) : [];
  const read = async (key: string) =>
    (await command('TYPE', key)) === 'zset' ? command('ZRANGE', key, '0', '-1', 'WITHSCORES') : command('HGETALL', key);
  return JSON.stringify([names, await Promise.all(names.map(read))]);
}

describe.concurrent('the keys of a fleet', () => {
  it('all have a time to live, whatever is done', async () => {
    await using server = await startRedisServer();
    await using nodes = await startNodes(2, {
      connect: connectTo(server.url),
      breaker: { recoveryTimeout: 300, failureWindow: 5000 },
      fleet: { shareFailures: true, quorum: 2, quorumWindow: 5000 },
    });
    const { a, b, reach } = nodes;
    const seen = new Set<string>();
    const look = async () => {
      for (const [key, time] of Object.entries(await timesToLive(server))) {
        seen.add(key);
        expect([key, time > 0 && time <= 86_400_000]).toEqual([key, true]);
      }
    };
    await look();
    await a.fail(1);
    await eventually(async () => expect(await timesToLive(server)).toHaveProperty('failures'));
    await look();
    a.breaker.trip();
    await eventually(async () => expect(await timesToLive(server)).toHaveProperty('votes'));
    await look();
    b.breaker.trip();
    await reach('open');
    await look();
    await reach('halfOpen');
    await eventually(async () => expect(await timesToLive(server)).toHaveProperty('slots'));
    await look();
    await untilCallGoesWell(b);
    await reach('closed');
    await look();
    const handle = a.breaker.isolate();
    await reach('isolated');
    await look();
    handle[Symbol.dispose]();
    await reach('closed');
    a.breaker.trip();
    a.breaker.reset();
    await eventually(async () => expect(await server.command('KEYS', '*:votes')).toEqual([]));
    await look();
    expect([...seen].sort()).toEqual(['circuit', 'failures', 'holds', 'nodes', 'slots', 'votes']);
  });

  it('are gone with their time once nobody is there any more', async () => {
    await using server = await startRedisServer();
    {
      await using nodes = await startNodes(2, { connect: connectTo(server.url), fleet: { pollInterval: 100 } });
      await nodes.a.fail();
      await nodes.b.fail();
      await nodes.reach('open');
      nodes.a.breaker.isolate();
      await nodes.reach('isolated');
    }
    const times = Object.values(await timesToLive(server));
    expect(times.length).toBeGreaterThan(0);
    // The circuit is kept for a minute, an isolation for a day: the test does not wait for that.
    for (const key of ['circuit', 'holds'])
      for (const name of [await server.command('KEYS', `*:${key}`)].flat())
        await server.command('PEXPIRE', String(name), '1');
    await eventually(async () => expect(await server.command('DBSIZE')).toBe(0));
  });

  it.each(['plain', 'a{b}c', '{}', '}{', '100%', 'größe 模型 🙂', ' '])(
    'share a hash tag for the name %j',
    async (name) => {
      await using server = await startRedisServer();
      const prefix = newPrefix();
      await using nodes = await startNodes(2, {
        connect: connectTo(server.url),
        breaker: { name, recoveryTimeout: 60_000 },
        fleet: { prefix },
      });
      await nodes.a.fail();
      await nodes.b.fail();
      await nodes.reach('open');
      const keys = [await server.command('KEYS', '*')].flat().map(String);
      expect(keys.length).toBeGreaterThanOrEqual(3);
      expect(keys.filter((key) => !key.startsWith(prefix))).toEqual([]);
      const slots = await Promise.all(keys.map((key) => slotOf(key)));
      expect(new Set(slots).size).toBe(1);
    },
  );

  it('hold nothing of an error but its name, kind and status, nor does what is published', async () => {
    await using server = await startRedisServer();
    const told: string[] = [];
    const monitor = createClient({ url: server.url });
    const listener = createClient({ url: server.url });
    await Promise.all([monitor.connect(), listener.connect()]);
    await monitor.monitor((line) => told.push(String(line)));
    await listener.pSubscribe('*', (message) => told.push(message));
    const { client, close } = await connectTo(server.url)();
    const options = { name: 'model', failureThreshold: 1, failureWindow: 5000, recoveryTimeout: 200 };
    const breaker = createBreaker({ ...options, fleet: redisFleet({ client, shareFailures: true }) });
    const secret = Object.assign(new TypeError('sk-secret in the message'), {
      headers: { authorization: 'sk-secret' },
      status: 500,
    });
    await breaker.ready;
    await breaker.call(() => Promise.reject(secret)).catch(() => {});
    await eventually(() =>
      expect(told.filter((line) => line.startsWith('{') && line.includes('TypeError'))).toHaveLength(1),
    );
    told.push(await contentsOf(server), JSON.stringify(breaker));
    breaker.stop();
    await close();
    for (const other of [monitor, listener]) other.destroy();
    expect(told.some((line) => line.includes('"EVALSHA"'))).toBe(true);
    expect(told.join().includes('sk-secret')).toBe(false);
  });
});

/** The slot of a cluster that a key belongs to: CRC16 of what is between the first brace and the next closing one. */
function slotOf(key: string): number {
  const open = key.indexOf('{');
  const end = key.indexOf('}', open + 1);
  const tag = open >= 0 && end > open + 1 ? key.slice(open + 1, end) : key;
  let crc = 0;
  for (const byte of Buffer.from(tag)) {
    crc ^= byte << 8;
    for (let bit = 0; bit < 8; bit++) crc = crc & 0x8000 ? ((crc << 1) ^ 0x1021) & 0xffff : (crc << 1) & 0xffff;
  }
  return crc % 16_384;
}
