import { expect, it } from 'vitest';
import { startRedisServer } from '../../../support/redis/redis-server.ts';
import { connectTo, eventually, newPrefix, startNode } from '../fleet-node.ts';
import { startHeldProvider, startProcessNode } from './process-node.ts';

const hour = 3_600_000;

it.concurrent.each([hour, -hour])(
  'waits as long as the others in a process whose clock is %i ms ahead',
  async (shiftMs) => {
    await using server = await startRedisServer();
    await using provider = await startHeldProvider();
    provider.open();
    const settings = { prefix: newPrefix(), breaker: { name: 'model', failureThreshold: 2, recoveryTimeout: 2000 } };
    const connect = connectTo(server.url);
    await using node = await startNode({
      connect,
      breaker: settings.breaker,
      fleet: { prefix: settings.prefix, quorum: 1 },
    });
    await using process = await startProcessNode(shiftMs);
    const { now, clockShiftMs } = await process.order({ op: 'join', url: server.url, ...settings });
    expect([clockShiftMs, now - Date.now()]).toEqual([shiftMs, expect.closeTo(shiftMs, -4)]);
    await node.fail();
    const openedAt = performance.now();
    const wait = await eventually(async () => {
      const sight = await process.order({ op: 'look' });
      expect(sight.state).toBe('open');
      return sight.retryAfterMs;
    });
    expect(wait).toBeGreaterThan(0);
    expect(wait).toBeLessThanOrEqual(2000);
    await eventually(async () => expect((await process.order({ op: 'look' })).state).toBe('halfOpen'));
    expect(performance.now() - openedAt).toBeGreaterThan(1950);
    expect(performance.now() - openedAt).toBeLessThan(4000);
    await eventually(() => expect(node.breaker.state).toBe('halfOpen'));
    // The other way round, too: what the process has seen counts here.
    await process.order({ op: 'rush', provider: provider.url });
    await eventually(() => expect(node.breaker.state).toBe('closed'));
    await process.order({ op: 'fail', times: 2 });
    await eventually(() => expect(node.breaker.state).toBe('open'));
    expect(node.breaker.metrics().retryAfterMs).toBeLessThanOrEqual(2000);
  },
);
