import { setTimeout as delay } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { reasonOf } from '../calls.ts';
import { redisClients } from './clients.ts';
import { redisClusterClients } from './cluster-clients.ts';
import { redisPrograms } from './redis-available.ts';
import { startRedisCluster } from './redis-cluster.ts';
import { startRedisServer } from './redis-server.ts';
import { createRespReader, RespError } from './resp.ts';
import { createRespClient } from './resp-client.ts';
import { startTcpProxy } from './tcp-proxy.ts';

/** What a promise is, once this much time has gone by. */
const stateAfter = (ms: number, promise: Promise<unknown>) =>
  Promise.race([promise.then(() => 'answered'), delay(ms, 'silent')]);

it('reads answers that arrive byte by byte', () => {
  const read = createRespReader();
  const bytes = Buffer.from('+OK\r\n*4\r\n:-7\r\n$4\r\n\r\né\r\n$-1\r\n*1\r\n-ERR no\r\n-WRONGTYPE x\r\n');
  const values = Array.from(bytes, (byte) => read(Buffer.of(byte))).flat();
  const nested = [new RespError('ERR no')];
  expect(values).toEqual(['OK', [-7, '\r\né', null, nested], new RespError('WRONGTYPE x')]);
});

describe('a Redis', () => {
  it('answers commands, and rejects with its errors', async () => {
    await using redis = await startRedisServer();
    const key = `support:${process.pid}`;
    expect(await redis.command('SET', key, 'é', 'PX', '10000')).toBe('OK');
    expect(await Promise.all([redis.command('GET', key), redis.command('DEL', key)])).toEqual(['é', 1]);
    expect(await reasonOf(redis.command('NONSENSE'))).toBeInstanceOf(RespError);
  });

  it.each(redisClients)('is reached by $name', async ({ connect }) => {
    await using redis = await startRedisServer();
    await using opened = await connect(redis.url);
    expect(await opened.command('PING')).toBe('PONG');
  });
});

describe('a server of the test', () => {
  it.each(redisPrograms)('of $name stops, starts again empty on the same port, and hangs', async ({ program }) => {
    await using server = await startRedisServer({ program, args: ['--maxmemory', '64mb'] });
    expect(await server.command('CONFIG', 'GET', 'maxmemory')).toEqual(['maxmemory', '67108864']);
    await server.command('SET', 'key', 'value');
    await server.kill();
    expect(String(await reasonOf(server.command('PING')))).toContain('ECONNREFUSED');
    await server.restart();
    expect(await server.command('GET', 'key')).toBe(null);
    await server.restart();

    server.pause();
    const answer = server.command('PING');
    expect(await stateAfter(50, answer)).toBe('silent');
    server.resume();
    expect(await answer).toBe('PONG');
    server.pause();
    await server.stop();
    await server.stop();
    expect(String(await reasonOf(server.command('PING')))).toContain('ECONNREFUSED');
  });

  it('tells what it said when it does not start', async () => {
    const wrong = await reasonOf(startRedisServer({ args: ['--nonsense', '1'] }));
    expect(String(wrong)).toMatch(/ended before it answered on port \d+\. It said:\n.*nonsense/s);
    expect(String(await reasonOf(startRedisServer({ program: '/none' })))).toContain('ENOENT');
    await using server = await startRedisServer();
    expect(String(await reasonOf(startRedisServer({ port: server.port })))).toContain('already in use');
  });

  it.each(redisClients)('is reached again by $name after a restart', async ({ connect }) => {
    await using server = await startRedisServer();
    await using opened = await connect(server.url);
    await using early = await connect(server.url, { wait: false });
    await server.restart();
    await expect.poll(() => opened.command('PING').catch(String), { timeout: 10_000 }).toBe('PONG');
    await expect.poll(() => early.command('PING').catch(String), { timeout: 10_000 }).toBe('PONG');
  });

  it('makes a cluster that libraries reach', async () => {
    await using cluster = await startRedisCluster();
    expect(cluster.ports).toHaveLength(3);
    const keys = Array.from({ length: 20 }, (_, index) => `key ${index}`);
    for (const key of keys) expect(await cluster.command('SET', key, key)).toBe('OK');
    const sizes = await Promise.all(cluster.nodes.map((node) => node.command('DBSIZE')));
    expect(sizes.every((size) => Number(size) > 0)).toBe(true);
    for (const { connectCluster } of redisClusterClients) {
      await using opened = await connectCluster(cluster.ports);
      for (const key of keys) expect(await opened.client.get(key)).toBe(key);
    }
  });
});

describe('a network', () => {
  /** A Redis behind a network, and a client that came through it. */
  async function reach() {
    const redis = await startRedisServer();
    const proxy = await startTcpProxy(redis.port);
    const client = createRespClient(proxy.through(redis.url));
    expect(await client.command('PING')).toBe('PONG');
    const dispose = async () => {
      client.close();
      await proxy.stop();
      await redis[Symbol.asyncDispose]();
    };
    return { redis, proxy, client, [Symbol.asyncDispose]: dispose };
  }

  it('passes everything on, and counts', async () => {
    await using reached = await reach();
    const { proxy, client } = reached;
    const passed = proxy.bytesPassed;
    await client.command('PING');
    expect([proxy.connections, proxy.bytesPassed - passed]).toEqual([1, '*1\r\n$4\r\nPING\r\n+PONG\r\n'.length]);
    expect(await client.command('ECHO', 'x'.repeat(1_000_000))).toHaveLength(1_000_000);
    client.close();
    await expect.poll(() => proxy.connections, { timeout: 10_000 }).toBe(0);
  });

  it('refuses while it is cut', async () => {
    await using reached = await reach();
    const { proxy, client } = reached;
    const lost = reasonOf(client.command('BLPOP', `support:${process.pid}:none`, '0'));
    proxy.cut();
    expect(String(await lost)).toMatch(/closed|ECONNRESET/);
    expect(String(await reasonOf(client.command('PING')))).toContain('ECONNREFUSED');
    await proxy.heal();
    await proxy.heal();
    expect(await client.command('PING')).toBe('PONG');
  });

  it('keeps silent while it is stalled, to new clients too, and passes later what was held', async () => {
    await using reached = await reach();
    const { redis, proxy, client } = reached;
    const passed = proxy.bytesPassed;
    proxy.stall();
    const other = createRespClient(proxy.through(redis.url));
    const answers = Promise.all([client.command('PING'), other.command('ECHO', 'a'), other.command('ECHO', 'b')]);
    expect(await stateAfter(50, answers)).toBe('silent');
    expect([proxy.connections, proxy.bytesPassed]).toEqual([2, passed]);
    await proxy.heal();
    expect(await answers).toEqual(['PONG', 'a', 'b']);
    other.close();
  });

  it('delays each way while it is slow, in order', async () => {
    await using reached = await reach();
    const { proxy, client } = reached;
    proxy.slow(50);
    const startedAt = performance.now();
    const first = client.command('ECHO', '1');
    await delay(10);
    proxy.slow(0);
    expect(await Promise.all([first, client.command('ECHO', '2')])).toEqual(['1', '2']);
    expect(performance.now() - startedAt).toBeGreaterThan(48);
    proxy.slow(50);
    const secondAt = performance.now();
    await client.command('PING');
    expect(performance.now() - secondAt).toBeGreaterThan(98);
  });
});
