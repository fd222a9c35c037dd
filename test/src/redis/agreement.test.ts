import { afterAll, beforeAll, describe } from 'vitest';
import { redisClients } from '../../support/redis/clients.ts';
import { redisPrograms } from '../../support/redis/redis-available.ts';
import { type RedisServer, startRedisServer } from '../../support/redis/redis-server.ts';
import { describeAgreement } from './agreement-suite.ts';

describe('nodes agree', () => {
  describe.each(redisPrograms)('over $name', ({ program }) => {
    let server: RedisServer | undefined;
    beforeAll(async () => {
      server = await startRedisServer({ program });
    });
    afterAll(() => server?.stop());

    describe.concurrent.each(redisClients)('by $name', ({ connect }) => {
      describeAgreement(() => connect(server?.url ?? ''));
    });
  });
});
