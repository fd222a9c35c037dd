import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type RedisServer, startRedisServer } from '../../support/redis/redis-server.ts';
import { scriptsRun } from './command-count.ts';
import { connectTo, eventually, startNodes, untilSettled } from './fleet-node.ts';

let server: RedisServer;
beforeAll(async () => {
  server = await startRedisServer();
});
afterAll(() => server?.stop());

it('sends nothing for a thousand calls that go well, and as many polls as it should', async () => {
  await using nodes = await startNodes(2, { connect: connectTo(server.url), fleet: { pollInterval: 60_000 } });
  await untilSettled(server, nodes.a, nodes.b);
  const before = await scriptsRun(server);
  // Each has joined, and has asked once more when it began to listen, or when the server was reached.
  expect(before).toBeLessThanOrEqual(8);
  for (let count = 0; count < 1000; count++) expect(await nodes.a.succeed()).toBe('fine');
  await nodes.b.fail(1);
  expect(await scriptsRun(server)).toBe(before);
});

it('asks once in a poll interval', async () => {
  await using nodes = await startNodes(1, { connect: connectTo(server.url), fleet: { pollInterval: 60 } });
  expect(nodes.a.breaker.state).toBe('closed');
  const { command } = server;
  const before = await scriptsRun({ command });
  // Real time has to pass: five intervals.
  await delay(300);
  await eventually(async () => expect((await scriptsRun({ command })) - before).toBeGreaterThanOrEqual(3));
  expect((await scriptsRun({ command })) - before).toBeLessThanOrEqual(9);
});
