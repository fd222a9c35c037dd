import { describe, expect, it } from 'vitest';
import { startRedisServer } from '../../../support/redis/redis-server.ts';
import { createDisposables } from '../disposables.ts';
import { connectTo, eventually, newPrefix, startNode, untilCallGoesWell } from '../fleet-node.ts';
import { startHeldProvider, startProcessNode } from './process-node.ts';

describe.concurrent('a process that', () => {
  /** A process in the middle of its trial, and two other nodes of its fleet. */
  async function startTrial(trialTimeout: number) {
    const disposables = createDisposables();
    const server = disposables.use(await startRedisServer());
    const provider = disposables.use(await startHeldProvider());
    const prefix = newPrefix();
    const breaker = {
      ...{ name: 'model', failureThreshold: 2, recoveryTimeout: 300, trialTimeout },
      recoveryBackoff: { factor: 20, maxRecoveryTimeout: 60_000 },
    };
    const connect = connectTo(server.url);
    const one = disposables.use(await startNode({ connect, breaker, fleet: { prefix, quorum: 1 } }));
    const two = disposables.use(await startNode({ connect, breaker, fleet: { prefix, quorum: 1 } }));
    const process = disposables.use(await startProcessNode());
    await process.order({ op: 'join', url: server.url, prefix, breaker });
    await process.order({ op: 'fail', times: 2 });
    await process.order({ op: 'rush', provider: provider.url });
    await eventually(() => expect(provider.hits).toBe(1));
    expect([one.breaker.state, two.breaker.state]).toEqual(['halfOpen', 'halfOpen']);
    return { server, one, two, process, provider, [Symbol.asyncDispose]: disposables[Symbol.asyncDispose] };
  }

  it('is killed in the middle of its trial leaves the slot to another after trialTimeout, not before', async () => {
    await using fleet = await startTrial(1500);
    const begin = performance.now();
    fleet.process.worker.kill('SIGKILL');
    await untilCallGoesWell(fleet.one, 10_000);
    // A lease is renewed every third of trialTimeout; the trial may have begun just before.
    expect(performance.now() - begin).toBeGreaterThan(1500 * (2 / 3) - 100);
    expect(performance.now() - begin).toBeLessThan(1500 + 3000);
    await eventually(() => expect(fleet.two.breaker.state).toBe('closed'));
  });

  it('is stopped, and goes on after its lease has passed to another, changes nothing with its late result', async () => {
    await using fleet = await startTrial(1000);
    const { one, two, process, provider } = fleet;
    process.worker.kill('SIGSTOP');
    await eventually(async () => {
      await one.fail(1);
      expect(one.breaker.metrics().reopenings).toBe(1);
    });
    await eventually(() => expect(two.breaker.state).toBe('open'));
    provider.answer();
    process.worker.kill('SIGCONT');
    await eventually(async () =>
      expect(await process.order({ op: 'look' })).toMatchObject({ hasGoneThrough: true, state: 'open' }),
    );
    expect(await one.succeed()).toMatchObject({ reason: 'open' });
    expect([one.heard.includes('closed'), two.heard.includes('closed')]).toEqual([false, false]);
  });
});
