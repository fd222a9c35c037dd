import { type RedisServer, startRedisServer } from '../../support/redis/redis-server.ts';

/** Starts a server for one measurement and ends it afterwards. */
export async function withRedis<T>(measure: (server: RedisServer) => Promise<T>): Promise<T> {
  await using server = await startRedisServer();
  return await measure(server);
}
