import { createBreaker } from 'agent-circuit-breaker';
import { createBreakerMachine } from 'agent-circuit-breaker/machines';
import { redisFleet } from 'agent-circuit-breaker/redis';
import { expect, it, vi } from 'vitest';
import { createActor } from 'xstate';
import { startRedisServer } from '../../support/redis/redis-server.ts';
import {
  connectTo,
  eventually,
  leasesOf,
  newPrefix,
  startNodes,
  untilAsked,
  untilCallGoesWell,
  untilSettled,
} from './fleet-node.ts';

it('a reset that nobody hears of is not undone by those who have opened before it', async () => {
  await using server = await startRedisServer();
  await using nodes = await startNodes(3, {
    ...{ connect: connectTo(server.url), breaker: { recoveryTimeout: 30_000 }, fleet: { pollInterval: 60_000 } },
  });
  const { a, b, c, reach } = nodes;
  await a.fail();
  await b.fail();
  await reach('open');
  // The news of the reset is lost, and those who listen anew ask how things are.
  await server.command('ACL', 'SETUSER', 'default', '-publish');
  c.breaker.reset();
  await eventually(() => expect(c.breaker.state).toBe('closed'));
  await server.command('ACL', 'SETUSER', 'default', '+publish');
  await server.command('CLIENT', 'KILL', 'TYPE', 'pubsub');
  await untilAsked(1, a, b, c);
  await reach('closed');
  await untilSettled(server, a, b, c);
  expect(nodes.nodes.map(({ breaker }) => breaker.state)).toEqual(['closed', 'closed', 'closed']);
});

it('a reset by a node that is closed itself closes the circuit of all', async () => {
  await using server = await startRedisServer();
  await using nodes = await startNodes(3, { connect: connectTo(server.url), breaker: { recoveryTimeout: 30_000 } });
  const { a, b, c } = nodes;
  await a.fail();
  await eventually(async () => expect(String(await server.command('KEYS', '*:votes'))).toContain('votes'));
  c.breaker.reset();
  await eventually(async () => expect(await server.command('KEYS', '*:votes')).toEqual([]));
  await b.fail();
  await untilSettled(server, a, b, c);
  // The opening of the first does not count any more.
  expect(c.breaker.state).toBe('closed');
});

it('whoever has the slot and is disabled leaves it to the others, and decides nothing', async () => {
  await using server = await startRedisServer();
  await using nodes = await startNodes(2, { connect: connectTo(server.url), fleet: { quorum: 1 } });
  const { a, b, reach } = nodes;
  await a.fail();
  await reach('halfOpen');
  await eventually(() => expect(leasesOf(a) + leasesOf(b)).toBe(1));
  const [holder, other] = leasesOf(a) === 1 ? [a, b] : [b, a];
  holder.breaker.disable();
  await untilSettled(server, a, b);
  expect([holder.breaker.state, other.breaker.state]).toEqual(['disabled', 'halfOpen']);
  await untilCallGoesWell(other);
  expect(other.breaker.state).toBe('closed');
});

it.each([1, 15, 100])('trials that may take %i ms come to pass, too', async (trialTimeout) => {
  await using server = await startRedisServer();
  await using nodes = await startNodes(3, {
    ...{ connect: connectTo(server.url), breaker: { recoveryTimeout: 50, trialTimeout }, fleet: { quorum: 1 } },
  });
  await nodes.a.fail();
  await nodes.reach('halfOpen');
  await eventually(async () => {
    await Promise.all(nodes.nodes.map(({ succeed }) => succeed()));
    expect(nodes.nodes.map(({ breaker }) => breaker.state)).toEqual(['closed', 'closed', 'closed']);
  });
});

it('a breaker that takes the place of another of its name leaves the process among those that are alive', async () => {
  await using server = await startRedisServer();
  const { client, get, close } = await connectTo(server.url)();
  const prefix = newPrefix();
  const fleet = redisFleet({ client, prefix });
  const old = createBreaker({ name: 'model', fleet });
  await old.ready;
  using next = createBreaker({ name: 'model', fleet });
  await next.ready;
  old.stop();
  await get('marker');
  expect(await server.command('ZCARD', `${prefix}{model}:nodes`)).toBe(1);
  next.stop();
  await eventually(async () => expect(await server.command('ZCARD', `${prefix}{model}:nodes`)).toBe(0));
  await close();
});

it('a restored isolation is told, and not taken for one that was reset long ago', async () => {
  await using server = await startRedisServer();
  await using nodes = await startNodes(1, { connect: connectTo(server.url), fleet: { prefix: 'restored:' } });
  nodes.a.breaker.reset();
  const template = createBreaker({ name: 'model' });
  template.isolate();
  const snapshot = template.toJSON();
  template.stop();
  const { client, close } = await connectTo(server.url)();
  const restored = createBreaker({ snapshot, fleet: redisFleet({ client, prefix: 'restored:' }) });
  await restored.ready;
  await eventually(() => expect(nodes.a.breaker.state).toBe('isolated'));
  expect(restored.state).toBe('isolated');
  restored.reset();
  await nodes.reach('closed');
  restored.stop();
  await close();
});

it('an inspector that throws ends neither the process nor what the fleet tells', async () => {
  await using server = await startRedisServer();
  const print = vi.spyOn(console, 'error').mockImplementation(() => {});
  await using nodes = await startNodes(1, { connect: connectTo(server.url), fleet: { prefix: 'seen:' } });
  const { client, close } = await connectTo(server.url)();
  const machine = createBreakerMachine().provide(redisFleet({ client, prefix: 'seen:' }));
  let isBroken = false;
  const actor = createActor(machine, {
    input: { name: 'model' },
    inspect: () => {
      if (isBroken) throw new Error('a broken inspector');
    },
  }).start();
  await eventually(() => expect(actor.getSnapshot().context.fleet?.isConnected).toBe(true));
  isBroken = true;
  const hold = nodes.a.breaker.isolate();
  await eventually(() => expect(print.mock.calls.flat().join()).toContain('a broken inspector'));
  isBroken = false;
  hold[Symbol.dispose]();
  await nodes.reach('closed');
  actor.send({ type: 'breaker.isolate' });
  await nodes.reach('isolated');
  print.mockRestore();
  actor.stop();
  await close();
});
