import { describe, expect, it } from 'vitest';
import { redisClients } from '../../support/redis/clients.ts';
import { startRedisServer } from '../../support/redis/redis-server.ts';
import { connectTo, eventually, newPrefix, startNode, startNodes } from './fleet-node.ts';

describe.concurrent('a server that', () => {
  it.each(redisClients)('has forgotten the script is sent it anew, by $name', async ({ connect }) => {
    await using server = await startRedisServer();
    await using nodes = await startNodes(2, { connect: () => connect(server.url) });
    const { a, b, reach } = nodes;
    await server.command('SCRIPT', 'FLUSH');
    await a.fail();
    await eventually(async () => expect(String(await server.command('KEYS', '*:votes'))).toContain('votes'));
    await server.command('SCRIPT', 'FLUSH');
    await b.fail();
    await reach('open');
    expect([a.heard, b.heard]).toEqual([
      ['connected', 'open'],
      ['connected', 'open'],
    ]);
  });

  it.each([
    ['forbids scripts', ['-evalsha', '-eval'], /NOPERM/],
    ['forbids the keys', ['resetkeys', '~other:*'], /permission|NOPERM/i],
  ])('%s counts as gone, and breakers go by themselves', async (_what, rules, message) => {
    await using server = await startRedisServer();
    await server.command('ACL', 'SETUSER', 'default', ...rules);
    const errors: unknown[] = [];
    const fleet = { prefix: newPrefix(), onDisconnected: (error: unknown) => errors.push(error) };
    await using node = await startNode({ connect: connectTo(server.url), fleet, breaker: { recoveryTimeout: 300 } });
    expect(node.breaker.metrics().fleet).toMatchObject({ isConnected: false });
    await node.fail();
    expect(node.breaker.state).toBe('open');
    await eventually(() => expect(node.breaker.state).toBe('halfOpen'));
    expect(await node.succeed()).toBe('fine');
    expect(node.heard).toEqual(['disconnected', 'open', 'halfOpen', 'closed']);
    expect(errors).toHaveLength(1);
    expect(String(errors)).toMatch(message);
    await server.command('ACL', 'SETUSER', 'default', 'allkeys', 'allcommands');
    await eventually(() => expect(node.breaker.metrics().fleet?.isConnected).toBe(true));
  });

  it('wants a password counts as gone, and is found again when it is told', async () => {
    await using server = await startRedisServer();
    await using nodes = await startNodes(2, { connect: connectTo(server.url) });
    await server.command('ACL', 'SETUSER', 'default', 'resetpass', '>secret');
    await server.command('CLIENT', 'KILL', 'TYPE', 'normal', 'SKIPME', 'yes');
    await server.command('CLIENT', 'KILL', 'TYPE', 'pubsub');
    await eventually(() =>
      expect(nodes.nodes.map(({ heard }) => heard)).toEqual(Array(2).fill(['connected', 'disconnected'])),
    );
    expect(await nodes.a.succeed()).toBe('fine');
    await server.command('ACL', 'SETUSER', 'default', 'nopass');
    await eventually(() => expect(nodes.nodes.map(({ heard }) => heard.at(-1))).toEqual(['connected', 'connected']));
    await nodes.a.fail();
    await nodes.b.fail();
    await eventually(() => expect(nodes.a.breaker.metrics().fleet?.state).toBe('open'));
  });

  it('has no memory left counts as gone', async () => {
    await using server = await startRedisServer();
    await using nodes = await startNodes(2, { connect: connectTo(server.url), fleet: { pollInterval: 200 } });
    await server.command('CONFIG', 'SET', 'maxmemory', '1');
    await eventually(() => expect(nodes.a.heard).toEqual(['connected', 'disconnected']));
    expect(await nodes.a.succeed()).toBe('fine');
    await server.command('CONFIG', 'SET', 'maxmemory', '0');
    await eventually(() => expect(nodes.a.heard).toEqual(['connected', 'disconnected', 'connected']));
  });
});
