import { setTimeout as delay } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { redisClients } from '../../support/redis/clients.ts';
import { startRedisServer } from '../../support/redis/redis-server.ts';
import { createDisposables } from './disposables.ts';
import {
  eventually,
  type FleetNode,
  type NodeSettings,
  startNodes,
  untilAsked,
  untilCallGoesWell,
  untilSettled,
} from './fleet-node.ts';

const unhandled: unknown[] = [];
const note = (reason: unknown) => unhandled.push(reason);

beforeEach(() => {
  process.on('unhandledRejection', note);
});
afterEach(() => {
  process.off('unhandledRejection', note);
  expect(unhandled).toEqual([]);
});

/** Three nodes, and a server that may die. */
async function start(connect: (url: string) => ReturnType<NodeSettings['connect']>, recoveryTimeout: number) {
  const disposables = createDisposables();
  const server = disposables.use(await startRedisServer());
  const nodes = disposables.use(
    await startNodes(3, {
      connect: () => connect(server.url),
      breaker: { recoveryTimeout },
      fleet: { quorumWindow: 60_000 },
    }),
  );
  const kill = async () => {
    await server.kill();
    await eventually(() => expect(nodes.nodes.map(isConnected)).toEqual([false, false, false]));
  };
  const restart = async () => {
    await server.restart();
    await eventually(() => expect(nodes.nodes.map(isConnected)).toEqual([true, true, true]));
  };
  return { ...{ server, nodes, kill, restart }, [Symbol.asyncDispose]: disposables[Symbol.asyncDispose] };
}

const isConnected = ({ breaker }: FleetNode) => breaker.metrics().fleet?.isConnected;

describe.concurrent.each(redisClients)('after a restart of the server, over $name,', ({ connect }) => {
  it('nodes have gone by themselves meanwhile, and were told once', async () => {
    await using fleet = await start(connect, 60_000);
    const { a, b, c } = fleet.nodes;
    const emitted: string[] = [];
    for (const type of ['fleet.connected', 'fleet.disconnected'] as const)
      a.breaker.actor.on(type, () => emitted.push(type));
    // By their first polls they know of each other, so that one is not taken for a fleet of one when it is the first to return.
    await untilAsked(1, a, b, c);
    await fleet.kill();
    const begin = performance.now();
    for (let count = 0; count < 100; count++) expect(await a.succeed()).toBe('fine');
    expect((performance.now() - begin) / 100).toBeLessThan(5);
    await a.fail();
    expect([a.breaker.state, b.breaker.state, c.breaker.state]).toEqual(['open', 'closed', 'closed']);
    expect(await b.succeed()).toBe('fine');
    await fleet.restart();
    // The answer to a question from before, which a client may send once more, comes before the process is told.
    await eventually(() => {
      expect(a.heard).toEqual(['connected', 'disconnected', 'open', 'connected']);
      expect(b.heard).toEqual(['connected', 'disconnected', 'connected']);
    });
    expect(emitted).toEqual(['fleet.disconnected', 'fleet.connected']);
  });

  it('an open circuit is open for all, with what is left of its wait', async () => {
    await using fleet = await start(connect, 30_000);
    const { a, b, c, reach } = fleet.nodes;
    await a.fail();
    await b.fail();
    await reach('open');
    await fleet.kill();
    await reach('open');
    await fleet.restart();
    await reach('open');
    for (const { breaker } of [a, b, c]) {
      expect(breaker.metrics()).toMatchObject({ fleet: { state: 'open', isConnected: true } });
      expect(breaker.metrics().retryAfterMs).toBeLessThan(30_000);
    }
    const keys = await fleet.server.command('KEYS', '*:circuit');
    expect(keys).toHaveLength(1);
    c.breaker.reset();
    await reach('closed');
  });

  it('an isolation stays, until its holder lets go', async () => {
    await using fleet = await start(connect, 60_000);
    const { a, b, c, reach } = fleet.nodes;
    const handle = a.breaker.isolate();
    await reach('isolated');
    await fleet.kill();
    await fleet.restart();
    await untilSettled(fleet.server, a, b, c);
    await reach('isolated');
    handle[Symbol.dispose]();
    await reach('closed');
  });

  it('an isolation that has ended meanwhile ends for all', async () => {
    await using fleet = await start(connect, 60_000);
    const { a, b, reach } = fleet.nodes;
    const handle = a.breaker.isolate();
    await reach('isolated');
    await fleet.kill();
    handle[Symbol.dispose]();
    expect([a.breaker.state, b.breaker.state]).toEqual(['closed', 'isolated']);
    await fleet.restart();
    await reach('closed');
  });

  it('a circuit that was opened meanwhile votes with what is left of its wait', async () => {
    await using fleet = await start(connect, 2000);
    const { a, b, c, reach } = fleet.nodes;
    await fleet.kill();
    await a.fail();
    await b.fail();
    const openedAt = performance.now();
    expect(c.breaker.state).toBe('closed');
    // Real time has to pass, by which the wait is shorter.
    await delay(100);
    await fleet.restart();
    await eventually(() => expect(c.heard).toContain('open'));
    expect(c.breaker.metrics()).toMatchObject({ fleet: { ownState: 'closed', reason: { name: 'Error' } } });
    expect(c.breaker.metrics().retryAfterMs).toBeLessThan(2000 - 90);
    await reach('halfOpen');
    expect(performance.now() - openedAt).toBeGreaterThan(1900);
    await untilCallGoesWell(c);
    await reach('closed');
  });

  it('a circuit that has opened and closed meanwhile counts for nothing', async () => {
    await using fleet = await start(connect, 300);
    const { a, b, c, reach } = fleet.nodes;
    await fleet.kill();
    await a.fail();
    await b.fail();
    await reach('halfOpen', a, b);
    expect([await a.succeed(), await b.succeed()]).toEqual(['fine', 'fine']);
    await fleet.restart();
    await untilSettled(fleet.server, a, b, c);
    await reach('closed');
    await eventually(() => expect(c.heard).toEqual(['connected', 'disconnected', 'connected']));
  });
});
