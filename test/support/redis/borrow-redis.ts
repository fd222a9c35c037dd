import { startRedisServer } from './redis-server.ts';
import { createRespClient, type RespClient } from './resp-client.ts';
import { type RedisAddress, toRedisAddress } from './resp-connection.ts';

/** A Redis to talk to. Others may talk to it too: use keys of your own, and do not empty it. */
export interface BorrowedRedis extends RedisAddress, AsyncDisposable {
  readonly url: string;
  /** Sends one command to look at what is there; an error of Redis rejects with a RespError. */
  readonly command: RespClient['command'];
}

/** The Redis at REDIS_URL, which is neither started nor stopped by the tests; undefined where REDIS_URL is not set. */
export function sharedRedis(): BorrowedRedis | undefined {
  const url = process.env.REDIS_URL;
  if (!url) return undefined;
  const client = createRespClient(url);
  return {
    ...toRedisAddress(url),
    url,
    command: client.command,
    [Symbol.asyncDispose]: async () => client.close(),
  };
}

/** The Redis at REDIS_URL, or else a server of the test's own, for tests that do not kill or restart it. */
export async function borrowRedis(): Promise<BorrowedRedis> {
  const shared = sharedRedis();
  if (shared) return shared;
  const { url, port, command, stop } = await startRedisServer();
  return { url, host: '127.0.0.1', port, command, [Symbol.asyncDispose]: stop };
}
