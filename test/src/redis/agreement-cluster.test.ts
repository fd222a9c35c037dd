import { afterAll, beforeAll, describe } from 'vitest';
import { redisClusterClients } from '../../support/redis/cluster-clients.ts';
import { type RedisCluster, startRedisCluster } from '../../support/redis/redis-cluster.ts';
import { describeAgreement } from './agreement-suite.ts';

describe('nodes agree over a cluster', () => {
  let cluster: RedisCluster | undefined;
  beforeAll(async () => {
    cluster = await startRedisCluster();
  }, 30_000);
  afterAll(() => cluster?.stop());

  describe.concurrent.each(redisClusterClients)('by $name', ({ connectCluster }) => {
    describeAgreement(() => connectCluster(cluster?.ports ?? []));
  });
});
