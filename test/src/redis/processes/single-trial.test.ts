import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type RedisServer, startRedisServer } from '../../../support/redis/redis-server.ts';
import { eventually, newPrefix } from '../fleet-node.ts';
import type { WorkerOrder } from './breaker-worker.ts';
import { type ProcessNode, startHeldProvider, startProcessNode } from './process-node.ts';

const processCount = 50;

describe('fifty processes whose wait ends at once', () => {
  let server: RedisServer | undefined;
  let processes: readonly ProcessNode[] = [];
  beforeAll(async () => {
    server = await startRedisServer();
    processes = await Promise.all(Array.from({ length: processCount }, () => startProcessNode()));
  }, 60_000);
  afterAll(async () => {
    await Promise.all(processes.map((each) => each[Symbol.asyncDispose]()));
    await server?.stop();
  }, 60_000);

  it.each([1, 3])(
    'let %i of their calls through to the provider, and reject the others as half-open',
    async (halfOpenTrials) => {
      await using provider = await startHeldProvider();
      const all = (order: WorkerOrder) => Promise.all(processes.map((each) => each.order(order)));
      const breaker = { failureThreshold: 2, recoveryTimeout: 4000, trialTimeout: 60_000, halfOpenTrials };
      await all({ op: 'join', url: server?.url ?? '', prefix: newPrefix(), breaker });
      await processes[0]?.order({ op: 'fail', times: 2 });
      await eventually(async () => {
        for (const { state } of await all({ op: 'look' })) expect(state).toBe('open');
      });
      await all({ op: 'rush', provider: provider.url });
      const looksLikeOneTrial = async () => {
        expect(provider.hits).toBe(halfOpenTrials);
        const sights = await all({ op: 'look' });
        const rejected = sights.filter(({ reasons }) => reasons.includes('halfOpen'));
        expect(rejected.length).toBeGreaterThanOrEqual(processCount - halfOpenTrials);
        expect(sights.filter(({ state }) => state === 'halfOpen')).toHaveLength(processCount);
      };
      await eventually(looksLikeOneTrial, 20_000);
      // However often the others ask.
      const before = await all({ op: 'look' });
      await eventually(async () => {
        const sights = await all({ op: 'look' });
        const asking = sights.filter(({ rejections }, index) => rejections >= Number(before[index]?.rejections) + 5);
        expect(asking.length).toBeGreaterThanOrEqual(processCount - halfOpenTrials);
      });
      await looksLikeOneTrial();
      provider.open();
      await eventually(async () => {
        for (const { state, hasGoneThrough, reasons } of await all({ op: 'look' })) {
          expect({ state, hasGoneThrough }).toEqual({ state: 'closed', hasGoneThrough: true });
          for (const reason of reasons) expect(['open', 'halfOpen']).toContain(reason);
        }
      }, 20_000);
    },
    60_000,
  );
});
