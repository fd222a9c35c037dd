import { createBreaker } from 'agent-circuit-breaker';
import { redisFleet } from 'agent-circuit-breaker/redis';
import { describe, expect, it } from 'vitest';
import { redisClients } from '../../support/redis/clients.ts';
import { findFreePort } from '../../support/redis/free-port.ts';
import { startRedisServer } from '../../support/redis/redis-server.ts';
import { eventually } from './fleet-node.ts';

describe.concurrent.each(redisClients)('breakers that are there before their server, over $name,', ({ connect }) => {
  it('are ready after the timeout, and all join when it comes', async () => {
    const port = await findFreePort();
    const { client, close } = await connect(`redis://127.0.0.1:${port}`, { wait: false });
    const errors: unknown[] = [];
    const onDisconnected = (error: unknown) => errors.push(error);
    const fleet = redisFleet({ client, timeout: 100, pollInterval: 60_000, onDisconnected });
    const breakers = ['one', 'two', 'three'].map((name) => createBreaker({ name, fleet }));
    await Promise.all(breakers.map(({ ready }) => ready));
    expect(breakers.map((each) => each.metrics().fleet?.isConnected)).toEqual([false, false, false]);
    expect(await breakers[0]?.call(async () => 'fine')).toBe('fine');
    await using server = await startRedisServer({ port });
    await eventually(() =>
      expect(breakers.map((each) => each.metrics().fleet?.isConnected)).toEqual([true, true, true]),
    );
    expect(errors).toHaveLength(1);
    for (const each of breakers) each.stop();
    await close();
    await server.stop();
  });

  it('all join when their client has connected in time', async () => {
    await using server = await startRedisServer();
    const { client, close } = await connect(server.url, { wait: false });
    const fleet = redisFleet({ client, pollInterval: 60_000 });
    const breakers = ['one', 'two', 'three'].map((name) => createBreaker({ name, fleet }));
    await Promise.all(breakers.map(({ ready }) => ready));
    expect(breakers.map((each) => each.metrics().fleet?.isConnected)).toEqual([true, true, true]);
    for (const each of breakers) each.stop();
    await close();
  });
});
