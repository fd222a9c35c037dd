import { createBreaker } from 'agent-circuit-breaker';
import { redisFleet } from 'agent-circuit-breaker/redis';
import { afterEach, expect, it, vi } from 'vitest';
import { codeBlocksOf, readPaper } from '../../readme/readme-text.ts';
import { redisClients } from '../../support/redis/clients.ts';
import { startRedisServer } from '../../support/redis/redis-server.ts';
import { connectTo, eventually, leasesOf, startNodes, untilCallGoesWell } from './fleet-node.ts';
import { watchClient } from './watch-client.ts';

afterEach(() => {
  vi.restoreAllMocks();
});

/** The command of the page on fleets that makes a user who may do what a fleet has to do. */
const command = codeBlocksOf(readPaper('src/redis/README.md'))
  .map(({ code }) => code.trim().split(/\s+/))
  .find(([name, what]) => name === 'ACL' && what === 'SETUSER');

/** What the clients themselves send when they connect. */
const connecting = ['+hello', '+client', '+info', '+ping'];

const prefix = 'agent-circuit-breaker:';

it.each(redisClients)('the permissions that its page names are enough, by $name', async ({ connect }) => {
  await using server = await startRedisServer();
  await server.command(...(command ?? []), ...connecting);
  const url = server.url.replace('redis://', 'redis://breakers:password@');
  const print = vi.spyOn(console, 'error').mockImplementation(() => {});
  await using nodes = await startNodes(2, {
    connect: () => connect(url),
    breaker: { failureWindow: 60_000, failureThreshold: 3, trialTimeout: 600 },
    fleet: { prefix, shareFailures: true },
  });
  const { a, b, reach } = nodes;
  await a.fail(2);
  await b.fail(1);
  await reach('open');
  await reach('halfOpen');
  await eventually(() => expect(leasesOf(a) + leasesOf(b)).toBe(1));
  // A lease is renewed three times in its life.
  await eventually(() => [a, b].some(({ watch }) => watch.answered.includes('renew')));
  await untilCallGoesWell(leasesOf(a) === 1 ? b : a);
  await reach('closed');
  for (const node of [a, b]) await node.fail(3);
  await reach('open');
  const hold = a.breaker.isolate();
  await reach('isolated');
  hold[Symbol.dispose]();
  await reach('closed');
  b.breaker.isolate();
  await reach('isolated');
  a.breaker.reset();
  await reach('closed');
  expect(a.heard.filter((what) => what === 'disconnected')).toEqual([]);
  expect(print.mock.calls).toEqual([]);
});

it('one that may not publish is told so once, and its changes are heard of by polls', async () => {
  await using server = await startRedisServer();
  await server.command('ACL', 'SETUSER', 'default', '-publish');
  const print = vi.spyOn(console, 'error').mockImplementation(() => {});
  await using nodes = await startNodes(2, { connect: connectTo(server.url), fleet: { quorum: 1, pollInterval: 200 } });
  const { a, b, reach } = nodes;
  await a.fail();
  await reach('open', b);
  await reach('halfOpen');
  await untilCallGoesWell(a);
  await reach('closed');
  expect([...a.heard, ...b.heard].filter((what) => what === 'disconnected')).toEqual([]);
  // Once by each of them that had anything to publish.
  const told = print.mock.calls.flat().filter((text) => /redisFleet.*PUBLISH: .*can't run/.test(text));
  expect([1, 2]).toContain(told.length);
});

it('a refusal that nobody listens to is printed, once, and a lost connection is not', async () => {
  await using server = await startRedisServer();
  await server.command('ACL', 'SETUSER', 'default', '-evalsha', '-eval');
  const print = vi.spyOn(console, 'error').mockImplementation(() => {});
  const { client, close } = await connectTo(server.url)();
  const watch = watchClient(client);
  using breaker = createBreaker({ name: 'model', fleet: redisFleet({ client }) });
  await breaker.ready;
  expect(breaker.metrics().fleet?.isConnected).toBe(false);
  // It is asked again from time to time.
  await eventually(() => watch.failed.length >= 3);
  expect(print.mock.calls.map(String)).toEqual([expect.stringMatching(/redisFleet\(.*NOPERM/)]);
  await server.command('ACL', 'SETUSER', 'default', '+evalsha', '+eval');
  await eventually(() => expect(breaker.metrics().fleet?.isConnected).toBe(true));
  await server.kill();
  await eventually(() => expect(breaker.metrics().fleet?.isConnected).toBe(false));
  expect(print).toHaveBeenCalledTimes(1);
  breaker.stop();
  await close();
});
