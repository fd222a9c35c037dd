import { setTimeout as delay } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { redisClients } from '../../support/redis/clients.ts';
import { startRedisServer } from '../../support/redis/redis-server.ts';
import { startTcpProxy } from '../../support/redis/tcp-proxy.ts';
import { createDisposables } from './disposables.ts';
import {
  connectTo,
  eventually,
  leasesOf,
  type NodeSettings,
  newPrefix,
  startNode,
  startNodes,
  untilCallGoesWell,
} from './fleet-node.ts';

describe.concurrent.each(redisClients)('behind a network that breaks, over $name,', ({ connect }) => {
  /** Two nodes near the server, and one behind a network, which has its own patience. */
  async function start({ pollInterval = 400, timeout = 5000 } = {}) {
    const disposables = createDisposables();
    const server = disposables.use(await startRedisServer());
    const proxy = disposables.use(await startTcpProxy(server.port));
    const errors: unknown[] = [];
    const shared = { prefix: newPrefix(), pollInterval };
    const node = async (url: string, fleet: NonNullable<NodeSettings['fleet']>) =>
      disposables.use(await startNode({ fleet, breaker: { recoveryTimeout: 60_000 }, connect: () => connect(url) }));
    const near = await node(server.url, { ...shared, timeout: 5000 });
    const other = await node(server.url, { ...shared, timeout: 5000 });
    const onDisconnected = (error: unknown) => errors.push(error);
    const far = await node(proxy.through(server.url), { ...shared, timeout, onDisconnected });
    const open = async () => {
      await near.fail();
      await other.fail();
      await eventually(() => expect(other.breaker.metrics().fleet?.state).toBe('open'));
    };
    const isConnected = (is: boolean) => eventually(() => expect(far.breaker.metrics().fleet?.isConnected).toBe(is));
    return {
      ...{ server, proxy, near, other, far, open, isConnected, errors },
      [Symbol.asyncDispose]: disposables[Symbol.asyncDispose],
    };
  }

  it('a node that is cut off goes by itself, and agrees when the network has healed', async () => {
    await using fleet = await start();
    const { proxy, far, isConnected, errors, open } = fleet;
    proxy.cut();
    await isConnected(false);
    await open();
    expect(await far.succeed()).toBe('fine');
    await proxy.heal();
    await eventually(() => expect(far.breaker.state).toBe('open'));
    expect(far.heard).toEqual(['connected', 'disconnected', 'connected', 'open']);
    expect(errors).toEqual([expect.any(Error)]);
  });

  it('a node that is given no answer is disconnected after the timeout, and agrees when the network has healed', async () => {
    await using fleet = await start({ timeout: 300 });
    const { proxy, far, isConnected, errors, open } = fleet;
    proxy.stall();
    await isConnected(false);
    await open();
    const begin = performance.now();
    for (let count = 0; count < 20; count++) expect(await far.succeed()).toBe('fine');
    expect((performance.now() - begin) / 20).toBeLessThan(5);
    // Real time has to pass: longer than it takes at the longest until the server is asked for again.
    await delay(350);
    await proxy.heal();
    await eventually(() => expect(far.breaker.state).toBe('open'));
    expect(far.heard).toEqual(['connected', 'disconnected', 'connected', 'open']);
    expect(String(errors)).toMatch(/not answered within 300 ms/);
  });

  it('a node far away agrees just later', async () => {
    await using fleet = await start();
    const { proxy, near, far, other, open } = fleet;
    proxy.slow(100);
    await open();
    await eventually(() => expect(far.breaker.state).toBe('open'));
    far.breaker.reset();
    await eventually(() => expect([near.breaker.state, other.breaker.state]).toEqual(['closed', 'closed']));
    expect(far.heard).toEqual(['connected', 'open', 'closed']);
  });

  it('a node whose listening connection is lost is repaired', async () => {
    await using fleet = await start({ pollInterval: 60_000 });
    const { server, far, open } = fleet;
    await eventually(async () => expect(await listenersOf(server)).toHaveLength(3));
    for (const id of await listenersOf(server)) await server.command('CLIENT', 'KILL', 'ID', id);
    await open();
    await eventually(() => expect(far.breaker.state).toBe('open'));
    await eventually(async () => expect(await listenersOf(server)).toHaveLength(3));
  });
});

it('does not take the server for gone when it is the process that was busy', async () => {
  await using server = await startRedisServer();
  await using node = await startNode({ connect: connectTo(server.url), fleet: { timeout: 60, prefix: 'busy:' } });
  for (let turn = 0; turn < 3; turn++) {
    node.breaker.trip();
    node.breaker.reset();
    const until = performance.now() + 150;
    while (performance.now() < until);
    await node.untilAnswered();
  }
  expect(node.heard.filter((what) => what.endsWith('connected'))).toEqual(['connected']);
});

it('agrees by its polls where listening is forbidden', async () => {
  await using server = await startRedisServer();
  await server.command('ACL', 'SETUSER', 'default', '-subscribe');
  await using nodes = await startNodes(2, {
    connect: connectTo(server.url),
    breaker: { recoveryTimeout: 300, trialTimeout: 900 },
    fleet: { pollInterval: 200, quorum: 1 },
  });
  const { a, b, reach } = nodes;
  for (const node of [a, b]) {
    await node.fail();
    await reach('halfOpen');
    await eventually(() => expect(leasesOf(a) + leasesOf(b)).toBe(1));
    // Whoever has no slot is given it, though the other does not hear that it is wanted.
    await untilCallGoesWell(leasesOf(a) === 1 ? b : a);
    await reach('closed');
  }
});

async function listenersOf(server: {
  command(...args: readonly string[]): Promise<unknown>;
}): Promise<readonly string[]> {
  const list = String(await server.command('CLIENT', 'LIST', 'TYPE', 'pubsub'));
  return [...list.matchAll(/\bid=(\d+) .*\bsub=1\b/g)].map(([, id = '']) => id);
}
