import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';

/** A server that speaks Redis's protocol and is installed here. */
export interface RedisProgram {
  readonly name: 'Redis' | 'Valkey';
  /** Its absolute path. */
  readonly program: string;
}

/** Every kind of server there is to test with, Redis first. */
export const redisPrograms: readonly RedisProgram[] = [
  ...findProgram('Redis', 'redis-server'),
  ...findProgram('Valkey', 'valkey-server'),
];

/** Why no server can be started, killed and restarted here; undefined where that is possible. */
export const whyNoRedisServer: string | undefined =
  redisPrograms.length > 0
    ? undefined
    : 'there is neither redis-server nor valkey-server on PATH: apt-get install --no-install-recommends redis-server';

/** Why there is no Redis to test with, not even the one at REDIS_URL; undefined where there is one. */
export const whyNoRedis: string | undefined =
  whyNoRedisServer && !process.env.REDIS_URL ? `${whyNoRedisServer}, or set REDIS_URL` : undefined;

function findProgram(name: RedisProgram['name'], file: string): readonly RedisProgram[] {
  const program = (process.env.PATH ?? '')
    .split(delimiter)
    .filter((folder) => folder !== '')
    .map((folder) => join(folder, file))
    .find(isExecutable);
  return program ? [{ name, program }] : [];
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
