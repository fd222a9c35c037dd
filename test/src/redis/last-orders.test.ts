import { createBreaker } from 'agent-circuit-breaker';
import { redisFleet } from 'agent-circuit-breaker/redis';
import { describe, expect, it } from 'vitest';
import { redisClients } from '../../support/redis/clients.ts';
import { type RedisServer, startRedisServer } from '../../support/redis/redis-server.ts';
import { connectTo, eventually, newPrefix, startNode } from './fleet-node.ts';

/** A short script: joins, gives its orders, and closes its client in the same moment. */
async function runScript(
  server: RedisServer,
  { connect }: (typeof redisClients)[number],
  prefix: string,
  script: (breaker: ReturnType<typeof createBreaker>) => void,
) {
  const { client } = await connect(server.url);
  const breaker = createBreaker({ name: 'model', fleet: redisFleet({ client, prefix }) });
  await breaker.ready;
  script(breaker);
  // As one closes a client that is to finish what it has begun.
  await ('evalsha' in client ? client.quit() : client.close());
}

describe.each(redisClients)('what is ordered in the last moment before the client is closed, by $name', (library) => {
  it('reaches the fleet', async () => {
    await using server = await startRedisServer();
    const fleet = { prefix: newPrefix(), pollInterval: 60_000 };
    await using node = await startNode({ connect: connectTo(server.url), fleet });
    const { breaker } = node;
    const run = (script: Parameters<typeof runScript>[3]) => runScript(server, library, fleet.prefix, script);
    await run((admin) => {
      admin.isolate();
    });
    await eventually(() => expect(breaker.state).toBe('isolated'));
    await run((admin) => admin.reset());
    await eventually(() => expect(breaker.state).toBe('closed'));
    await run((admin) => {
      admin.isolate()[Symbol.dispose]();
      admin.stop();
    });
    await eventually(() => expect(node.heard).toEqual(['connected', 'closed', 'closed']));
    expect(breaker.state).toBe('closed');
    // Whoever stops is no more among those that are alive.
    expect(await server.command('ZCARD', `${fleet.prefix}{model}:nodes`)).toBe(3);
  });
});
