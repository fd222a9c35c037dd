import { afterAll, beforeAll, describe } from 'vitest';
import { redisClusterClients } from '../../support/redis/cluster-clients.ts';
import { whyNoRedisServer } from '../../support/redis/redis-available.ts';
import { type RedisCluster, startRedisCluster } from '../../support/redis/redis-cluster.ts';
import { describeAgreement } from './agreement-suite.ts';

describe.skipIf(whyNoRedisServer !== undefined)(
  `nodes agree over a cluster${whyNoRedisServer ? `: ${whyNoRedisServer}` : ''}`,
  () => {
    let cluster: RedisCluster | undefined;
    beforeAll(async () => {
      cluster = await startRedisCluster();
    }, 30_000);
    afterAll(() => cluster?.stop());

    describe.concurrent.each(redisClusterClients)('by $name', ({ connectCluster }) => {
      describeAgreement(() => connectCluster(cluster?.ports ?? []));
    });
  },
);
