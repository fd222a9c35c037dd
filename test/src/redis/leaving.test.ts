import { createBreaker, createBreakerRegistry } from 'agent-circuit-breaker';
import { redisFleet } from 'agent-circuit-breaker/redis';
import { describe, expect, it } from 'vitest';
import { flushMicrotasks } from '../../support/calls.ts';
import { redisClients } from '../../support/redis/clients.ts';
import { redisClusterClients } from '../../support/redis/cluster-clients.ts';
import { startRedisCluster } from '../../support/redis/redis-cluster.ts';
import { type RedisServer, startRedisServer } from '../../support/redis/redis-server.ts';
import { startTcpProxy } from '../../support/redis/tcp-proxy.ts';
import { connectTo, eventually, newPrefix, startNode, untilAsked, untilCallGoesWell } from './fleet-node.ts';
import { watchClient } from './watch-client.ts';

const listenersOf = async ({ command }: Pick<RedisServer, 'command'>) =>
  String(await command('CLIENT', 'LIST', 'TYPE', 'pubsub'))
    .split('\n')
    .filter(Boolean).length;

const nodesOf = async ({ command }: RedisServer) =>
  (
    await Promise.all([await command('KEYS', '*:nodes')].flat().map((key) => command('ZRANGE', String(key), '0', '-1')))
  ).flat();

describe.concurrent('a breaker that stops', () => {
  it.each(redisClients)('leaves its fleet, and the last one stops listening, by $name', async ({ connect }) => {
    await using server = await startRedisServer();
    const { client, get, close } = await connect(server.url);
    const fleet = redisFleet({ client, prefix: newPrefix() });
    const [one, two] = [createBreaker({ name: 'one', fleet }), createBreaker({ name: 'two', fleet })];
    await Promise.all([one.ready, two.ready]);
    await eventually(async () => expect([await listenersOf(server), (await nodesOf(server)).length]).toEqual([1, 2]));
    one.stop();
    await eventually(async () => expect((await nodesOf(server)).length).toBe(1));
    expect(await listenersOf(server)).toBe(1);
    two.stop();
    await eventually(async () => expect([await listenersOf(server), (await nodesOf(server)).length]).toEqual([0, 0]));
    // Nothing that was still on its way brings it back.
    for (let turn = 0; turn < 3; turn++) await get('marker').then(flushMicrotasks);
    expect([await listenersOf(server), (await nodesOf(server)).length]).toEqual([0, 0]);
    // One may come later.
    const three = createBreaker({ name: 'three', fleet });
    await three.ready;
    await eventually(async () => expect([await listenersOf(server), (await nodesOf(server)).length]).toEqual([1, 1]));
    three.stop();
    await close();
  });

  it.each(redisClients)('leaves no connection behind, however soon it stops, by $name', async ({ connect }) => {
    await using server = await startRedisServer();
    const { client, close } = await connect(server.url);
    const watch = watchClient(client);
    for (let turn = 0; turn < 60; turn++) {
      const breaker = createBreaker({ name: 'model', fleet: redisFleet({ client, prefix: newPrefix() }) });
      // How far it has come with its connection by then is another moment each time.
      await new Promise((resolve) => setTimeout(resolve, turn % 12));
      breaker.stop();
    }
    await eventually(async () => expect(await listenersOf(server)).toBe(0));
    // Nor is there one that could still come.
    await eventually(() => watch.isSilent);
    expect(await listenersOf(server)).toBe(0);
    await close();
  });

  it.each(redisClusterClients)('stops listening to a cluster, by $name', async ({ connectCluster }) => {
    await using cluster = await startRedisCluster();
    const { client, close } = await connectCluster(cluster.ports);
    const breaker = createBreaker({ name: 'model', fleet: redisFleet({ client }) });
    await breaker.ready;
    const listeners = async () =>
      (await Promise.all(cluster.nodes.map(listenersOf))).reduce((sum, count) => sum + count, 0);
    await eventually(async () => expect(await listeners()).toBeGreaterThan(0));
    breaker.stop();
    // The client of ioredis listens to the cluster itself, too.
    await eventually(async () => expect(await listeners()).toBe(0));
    await close();
  });

  it('has told before how its trial went, also while it waits for another answer', async () => {
    await using server = await startRedisServer();
    await using proxy = await startTcpProxy(server.port);
    const settings = { fleet: { prefix: newPrefix(), quorum: 1, timeout: 5000 }, breaker: { trialTimeout: 60_000 } };
    await using near = await startNode({ ...settings, connect: connectTo(server.url) });
    const fleet = { ...settings.fleet, pollInterval: 1 };
    await using far = await startNode({ ...settings, fleet, connect: connectTo(proxy.through(server.url)) });
    await far.fail();
    await eventually(() => expect(near.heard).toContain('halfOpen'));
    proxy.slow(50);
    // From now on there is always a poll under way.
    await untilAsked(1, far);
    await untilCallGoesWell(far);
    far.breaker.stop();
    await eventually(() => expect(near.breaker.state).toBe('closed'));
  });

  it('is not taken for alive because of what it still had to tell', async () => {
    await using server = await startRedisServer();
    await using proxy = await startTcpProxy(server.port);
    const fleet = { prefix: newPrefix(), timeout: 5000, pollInterval: 60_000 };
    await using near = await startNode({ fleet, connect: connectTo(server.url) });
    await using far = await startNode({ fleet, connect: connectTo(proxy.through(server.url)) });
    proxy.slow(50);
    const handle = far.breaker.isolate();
    handle[Symbol.dispose]();
    far.breaker.stop();
    await eventually(async () => expect(await nodesOf(server)).toHaveLength(1));
    await far.untilAnswered();
    expect(await nodesOf(server)).toHaveLength(1);
    expect(near.breaker.state).toBe('closed');
  });

  it('ends with a registry', async () => {
    await using server = await startRedisServer();
    const { client, close } = await connectTo(server.url)();
    const registry = createBreakerRegistry({ fleet: redisFleet({ client }), failureThreshold: 1 });
    const keys = Array.from({ length: 10 }, (_, index) => `model ${index}`);
    for (const key of keys) await registry.get(key).ready;
    await eventually(async () => expect((await nodesOf(server)).length).toBe(10));
    expect(await listenersOf(server)).toBe(1);
    const other = createBreakerRegistry({ fleet: redisFleet({ client }), failureThreshold: 1 });
    for (const key of keys) await other.get(key).ready;
    for (const each of [registry, other]) each.get('model 3').trip();
    await eventually(() =>
      expect([registry.get('model 3').state, other.get('model 3').state]).toEqual(['open', 'open']),
    );
    expect(registry.get('model 4').state).toBe('closed');
    await eventually(() => expect(registry.get('model 3').metrics().fleet?.state).toBe('open'));
    registry.stop();
    other.stop();
    await eventually(async () => expect([await listenersOf(server), (await nodesOf(server)).length]).toEqual([0, 0]));
    await close();
  });
});
