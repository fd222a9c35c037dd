import type { RedisServer } from '../../support/redis/redis-server.ts';

/** How often the server was asked to run a script. */
export async function scriptsRun(server: Pick<RedisServer, 'command'>): Promise<number> {
  const text = String(await server.command('INFO', 'commandstats'));
  const counts = [...text.matchAll(/cmdstat_eval(?:sha)?:calls=(\d+)/g)];
  return counts.reduce((sum, [, calls]) => sum + Number(calls), 0);
}
