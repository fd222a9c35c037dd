import { findOnPath } from '../find-on-path.ts';

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

function findProgram(name: RedisProgram['name'], file: string): readonly RedisProgram[] {
  const program = findOnPath(file);
  return program ? [{ name, program }] : [];
}
