import { createBreaker } from 'agent-circuit-breaker';
import { redisFleet } from 'agent-circuit-breaker/redis';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { redisClients } from '../../support/redis/clients.ts';
import { startRedisServer } from '../../support/redis/redis-server.ts';
import { scriptsRun } from './command-count.ts';
import { connectTo, eventually, newPrefix, startNodes } from './fleet-node.ts';

afterEach(() => {
  vi.restoreAllMocks();
});

describe('a breaker whose keys are of no use', () => {
  it.each(redisClients)(
    'harms no other of its process, and is found again once they are, by $name',
    async (library) => {
      await using server = await startRedisServer();
      const print = vi.spyOn(console, 'error').mockImplementation(() => {});
      const { client, close } = await library.connect(server.url);
      const prefix = newPrefix();
      await server.command('SET', `${prefix}{bad}:nodes`, 'of somebody else');
      const heard: string[] = [];
      const listeners = {
        onConnected: () => heard.push('connected'),
        onDisconnected: () => heard.push('disconnected'),
      };
      const fleet = redisFleet({ client, prefix, pollInterval: 300, ...listeners });
      const names = ['bad', ...Array.from({ length: 20 }, (_each, index) => `good ${index}`)];
      const breakers = names.map((name) => createBreaker({ name, fleet }));
      const [bad, ...good] = breakers;
      await Promise.all(breakers.map(({ ready }) => ready));
      const areConnected = () => good.map((breaker) => breaker.metrics().fleet?.isConnected);
      await eventually(() => expect(areConnected()).toEqual(good.map(() => true)));
      const before = await scriptsRun(server);
      for (let turn = 0; turn < 10; turn++) {
        await new Promise((resolve) => setTimeout(resolve, 50));
        expect(areConnected()).toEqual(good.map(() => true));
      }
      // Each asks about three times a second, and real time has to pass for that: half of one.
      expect((await scriptsRun(server)) - before).toBeLessThan(75);
      expect([heard, bad?.metrics().fleet?.isConnected]).toEqual([['connected'], false]);
      expect(print.mock.calls.map(String)).toEqual([expect.stringMatching(/WRONGTYPE/)]);
      await server.command('DEL', `${prefix}{bad}:nodes`);
      await eventually(() => expect(bad?.metrics().fleet?.isConnected).toBe(true));
      for (const breaker of breakers) breaker.stop();
      await close();
    },
  );

  it('is not one with half an emoji in its name', async () => {
    await using server = await startRedisServer();
    await using nodes = await startNodes(2, {
      ...{ connect: connectTo(server.url), breaker: { name: 'gpt \ud83d' }, fleet: { quorum: 1 } },
    });
    await nodes.a.fail(2, Object.assign(new Error(), { name: 'half \udca9' }));
    await nodes.reach('open');
    expect(nodes.b.breaker.metrics().fleet?.reason).toMatchObject({ name: 'half \ufffd' });
  });
});
