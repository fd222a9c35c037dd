import { setTimeout as delay } from 'node:timers/promises';
import { BreakerOptionsError, createBreaker, createBreakerRegistry } from 'agent-circuit-breaker';
import { redisFleet } from 'agent-circuit-breaker/redis';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type RedisServer, startRedisServer } from '../../support/redis/redis-server.ts';
import { connectTo, startNodes, untilSettled } from './fleet-node.ts';

describe('failures that are counted together', () => {
  let server: RedisServer;
  beforeAll(async () => {
    server = await startRedisServer();
  });
  afterAll(() => server?.stop());

  const start = (count: number, failureWindow: number) =>
    startNodes(count, {
      connect: connectTo(server.url),
      breaker: { failureThreshold: 6, failureWindow, recoveryTimeout: 60_000 },
      fleet: { shareFailures: true },
    });

  it.concurrent('open the circuit for all, though no node has reached the threshold', async () => {
    await using nodes = await start(3, 30_000);
    for (const node of nodes.nodes) await node.fail(2);
    await nodes.reach('open');
    for (const { breaker } of nodes.nodes)
      expect(breaker.metrics()).toMatchObject({ failures: 2, fleet: { state: 'open', ownState: 'closed' } });
  });

  it.concurrent('of many calls at once are counted each', async () => {
    await using nodes = await start(2, 30_000);
    await Promise.all([
      nodes.a.fail(3),
      nodes.b.fail(1),
      nodes.b.breaker.call(() => Promise.reject(new Error())).catch(() => {}),
    ]);
    expect([nodes.a.breaker.state, nodes.b.breaker.state]).toEqual(['closed', 'closed']);
    await Promise.all(
      [nodes.a, nodes.b].map(({ breaker }) => breaker.call(() => Promise.reject(new Error())).catch(() => {})),
    );
    await nodes.reach('open');
  });

  it.concurrent('of one node alone open nothing for the others', async () => {
    await using nodes = await start(2, 30_000);
    await nodes.a.fail(5);
    await untilSettled(server, nodes.a, nodes.b);
    expect([nodes.a.breaker.state, nodes.b.breaker.state]).toEqual(['closed', 'closed']);
    await nodes.a.fail(1);
    await nodes.reach('open', nodes.a);
    await untilSettled(server, nodes.a, nodes.b);
    expect(nodes.b.breaker.state).toBe('closed');
  });

  it.concurrent('count no more once the window has passed', async () => {
    await using nodes = await start(2, 200);
    await nodes.a.fail(5);
    // Real time has to pass: the window, and a tenth of it, by the server's own clock.
    await delay(250);
    await nodes.b.fail(2);
    await untilSettled(server, nodes.a, nodes.b);
    expect([nodes.a.breaker.state, nodes.b.breaker.state]).toEqual(['closed', 'closed']);
  });

  it('need a failureWindow, and no failureRateThreshold', async () => {
    const { client, close } = await connectTo(server.url)();
    const fleet = redisFleet({ client, shareFailures: true });
    const wrong = [
      {},
      { failureRateThreshold: 0.5, failureWindow: 1000 },
      { failureRateThreshold: 0.5, windowSize: 20 },
    ];
    for (const options of wrong) {
      expect(() => createBreaker({ ...options, fleet })).toThrow(BreakerOptionsError);
      expect(() => createBreakerRegistry({ ...options, fleet })).toThrow(/fleet.*failureWindow/);
    }
    await close();
  });
});
