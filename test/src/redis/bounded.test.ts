import { setTimeout as delay } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { redisClients } from '../../support/redis/clients.ts';
import { startRedisServer } from '../../support/redis/redis-server.ts';
import { scriptsRun } from './command-count.ts';
import { eventually, startNodes, untilSettled } from './fleet-node.ts';

describe.concurrent.each(redisClients)('without a server, over $name,', ({ connect }) => {
  it('two thousand changes leave no more to be sent than a few', async () => {
    await using server = await startRedisServer();
    await using nodes = await startNodes(2, {
      connect: () => connect(server.url),
      breaker: { recoveryTimeout: 60_000 },
      fleet: { pollInterval: 60_000 },
    });
    const { a, b } = nodes;
    await server.kill();
    await eventually(() =>
      expect([a, b].map(({ breaker }) => breaker.metrics().fleet?.isConnected)).toEqual([false, false]),
    );
    for (let count = 0; count < 2000; count++) {
      a.breaker.trip();
      a.breaker.isolate()[Symbol.dispose]();
      a.breaker.trip();
      a.breaker.reset();
    }
    a.breaker.trip();
    // Real time has to pass: twice as long as it takes at the longest until the server is asked for again.
    await delay(600);
    await server.restart();
    await eventually(() =>
      expect([a, b].map(({ breaker }) => breaker.metrics().fleet?.isConnected)).toEqual([true, true]),
    );
    await eventually(async () => expect(String(await server.command('KEYS', '*:votes'))).toContain('votes'));
    await untilSettled(server, a, b);
    expect(await scriptsRun(server)).toBeLessThan(25);
    expect(a.breaker.state).toBe('open');
  });
});
