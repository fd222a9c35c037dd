import { Redis } from 'ioredis';
import { expect, it } from 'vitest';
import { startRedisServer } from '../../support/redis/redis-server.ts';
import { connectTo, eventually, newPrefix, type OpenClient, startNode, untilSettled } from './fleet-node.ts';

const quiet = (client: Redis): OpenClient => ({
  client: client.on('error', () => {}),
  get: (key) => client.get(key),
  close: async () => client.disconnect(),
});

it.each([
  ['databases of one server', (url: string) => connectTo(`${url}/1`)],
  ['prefixes of the clients', (url: string) => async () => quiet(new Redis(url, { keyPrefix: 'staging:' }))],
])('%s are circuits of their own, though they have one channel', async (_what, connectElsewhere) => {
  await using server = await startRedisServer();
  const fleet = { prefix: newPrefix(), pollInterval: 100, quorum: 1 };
  await using here = await startNode({ connect: connectTo(server.url), fleet });
  await using alsoHere = await startNode({ connect: connectTo(server.url), fleet });
  await using elsewhere = await startNode({ connect: connectElsewhere(server.url), fleet });
  const hold = elsewhere.breaker.isolate();
  await untilSettled(server, here, alsoHere, elsewhere);
  expect([here.breaker.state, alsoHere.breaker.state, elsewhere.breaker.state]).toEqual([
    'closed',
    'closed',
    'isolated',
  ]);
  await here.fail();
  await eventually(() => expect(alsoHere.breaker.state).toBe('open'));
  hold[Symbol.dispose]();
  elsewhere.breaker.reset();
  await untilSettled(server, here, alsoHere, elsewhere);
  expect([here.heard, elsewhere.heard]).toEqual([
    ['connected', 'open'],
    ['connected', 'closed'],
  ]);
});

it('a circuit keeps its name when the server has lost its data, and is heard of by all', async () => {
  await using server = await startRedisServer();
  const fleet = { prefix: newPrefix(), pollInterval: 60_000, quorum: 1 };
  await using one = await startNode({ connect: connectTo(server.url), fleet });
  await using two = await startNode({ connect: connectTo(server.url), fleet });
  await server.command('FLUSHALL');
  await one.fail();
  await eventually(() => expect(two.breaker.state).toBe('open'));
});
