import { setTimeout as delay } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { startRedisServer } from '../../support/redis/redis-server.ts';
import { startTcpProxy } from '../../support/redis/tcp-proxy.ts';
import { scriptsRun } from './command-count.ts';
import { createDisposables } from './disposables.ts';
import {
  connectTo,
  eventually,
  type FleetNode,
  leasesOf,
  newPrefix,
  startNode,
  untilCallGoesWell,
} from './fleet-node.ts';

/** Two nodes of a circuit that has become half-open: one has the slot. */
async function startTwo(trialTimeout: number) {
  const disposables = createDisposables();
  const server = disposables.use(await startRedisServer());
  const settings = {
    breaker: { failureThreshold: 2, recoveryTimeout: 300, trialTimeout },
    fleet: { prefix: newPrefix(), quorum: 1, timeout: 5000, pollInterval: 60_000 },
  };
  const start = async () => {
    const proxy = disposables.use(await startTcpProxy(server.port));
    const connect = connectTo(proxy.through(server.url));
    return { proxy, node: disposables.use(await startNode({ ...settings, connect })) };
  };
  const [one, two] = [await start(), await start()];
  await one.node.fail();
  await eventually(() => expect([one.node.breaker.state, two.node.breaker.state]).toEqual(['halfOpen', 'halfOpen']));
  await eventually(() => expect(leasesOf(one.node) + leasesOf(two.node)).toBe(1));
  const [holder, other] = leasesOf(one.node) === 1 ? [one, two] : [two, one];
  return { holder: holder.node, other: other.node, proxyOfOther: other.proxy, server, ...disposables };
}

describe.concurrent('an idle half-open slot', () => {
  it.each([0, 100])('passes to the node that has a call, %i ms away from the server', async (distanceMs) => {
    await using fleet = await startTwo(20_000);
    const { holder, other, proxyOfOther, server } = fleet;
    proxyOfOther.slow(distanceMs);
    const scripts = await scriptsRun(server);
    const begin = performance.now();
    await untilCallGoesWell(other);
    expect(performance.now() - begin).toBeLessThan(4000);
    // It does not pass to and fro.
    expect((await scriptsRun(server)) - scripts).toBeLessThan(12);
    await eventually(() => expect(holder.breaker.state).toBe('closed'));
  });

  it('does not pass to and fro for ever between nodes that call seldom', async () => {
    await using fleet = await startTwo(500);
    const { holder, other } = fleet;
    // Real time has to pass between calls: almost as much as a slot is lent for.
    const callSeldom = async (node: FleetNode, first: number) => {
      await delay(first);
      for (let count = 0; count < 12 && node.breaker.state === 'halfOpen'; count++) {
        await node.succeed();
        await delay(450);
      }
    };
    await Promise.all([callSeldom(holder, 200), callSeldom(other, 0)]);
    expect([holder.breaker.state, other.breaker.state]).toEqual(['closed', 'closed']);
  });

  it('passes after a while from a node that has had a call, and is never lent twice', async () => {
    await using fleet = await startTwo(600);
    const { holder, other } = fleet;
    await other.succeed();
    await eventually(() => expect(leasesOf(other)).toBe(1));
    const begin = performance.now();
    await holder.succeed();
    await eventually(() => leasesOf(holder) === 1);
    expect(performance.now() - begin).toBeGreaterThan(40);
    // A while in which one slot could have been lent to both.
    const until = performance.now() + 250;
    while (performance.now() < until) {
      expect(leasesOf(holder) + leasesOf(other)).toBe(1);
      await delay(5);
    }
  });

  it('lies no longer with a node that stops', async () => {
    await using fleet = await startTwo(20_000);
    fleet.holder.breaker.stop();
    await untilCallGoesWell(fleet.other);
  });
});
