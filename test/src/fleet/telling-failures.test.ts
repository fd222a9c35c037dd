import { type BreakerOptions, createBreaker } from 'agent-circuit-breaker';
import { describe, expect, it } from 'vitest';
import { createFakeFleet } from '../../machines/fleet/fake-fleet.ts';
import { reasonOf } from '../../support/calls.ts';
import { createTestClock } from '../../support/test-clock.ts';
import { createInFleet, type FleetFacade } from './fleet-facade.ts';

/** What a fleet that counts failures together needs. */
const failureWindow = 60_000;
const secret = 'sk-live-0123456789';

class ProviderError extends Error {
  override readonly name = 'ProviderError';
  readonly status = 529;
  readonly headers = { authorization: `Bearer ${secret}` };
  readonly prompt = secret;
}

const fail = ({ breaker }: Pick<FleetFacade, 'breaker'>) =>
  reasonOf(breaker.call(() => Promise.reject(new ProviderError(secret))));

describe('failures that leave the circuit closed', () => {
  it('are told one by one to a fleet that shares failures', async () => {
    const facade = createInFleet({ failureThreshold: 3, failureWindow }, undefined, true);
    for (let n = 0; n < 2; n++) await fail(facade);
    await facade.breaker.call(() => 'well');
    expect(facade.news()).toEqual([
      { type: 'node.failed', count: 1, reason: expect.objectContaining({ name: 'ProviderError' }) },
      { type: 'node.failed', count: 1, reason: expect.objectContaining({ name: 'ProviderError' }) },
    ]);
  });

  it('are held back from one that does not', async () => {
    const facade = createInFleet({ failureThreshold: 3 });
    for (let n = 0; n < 2; n++) await fail(facade);
    expect(facade.breaker.metrics().consecutiveFailures).toBe(2);
    expect(facade.news()).toEqual([]);
    await fail(facade);
    expect(facade.news()).toMatchObject([{ type: 'node.changed', to: 'open' }]);
  });

  it('are not told where they do not count', async () => {
    const facade = createInFleet({ failureWindow, failurePredicate: () => false }, undefined, true);
    await fail(facade);
    expect(facade.news()).toEqual([]);
  });

  it('can make the fleet open at once, which rejects the next call', async () => {
    const facade = createInFleet(
      { failureWindow },
      ({ type }) => (type === 'node.failed' ? { type: 'fleet.opened' } : undefined),
      true,
    );
    await fail(facade);
    expect(facade.breaker.metrics()).toMatchObject({ state: 'open', failures: 1, fleet: { ownState: 'closed' } });
  });
});

describe('S-75 the reason for an opening', () => {
  const kind = (error: unknown) => ({ counts: true, kind: error instanceof ProviderError ? 'overloaded' : 'other' });
  const judged: readonly (readonly [string, BreakerOptions, object])[] = [
    ['nothing that classifies', {}, { kind: null }],
    ['a predicate', { failurePredicate: () => true }, { kind: null }],
    ['a classifier', { classifyError: kind }, { kind: 'overloaded' }],
    [
      'a classifier that throws',
      {
        onCallbackError: () => {},
        classifyError: (error: unknown) => {
          throw error;
        },
      },
      { kind: null },
    ],
  ];

  describe.each(judged)('with %s', (_title, options, expected) => {
    it.each([false, true])(
      'is name, kind and status of the error, be it judged by the actor or before (%s)',
      async (isRead) => {
        const facade = createInFleet({ failureThreshold: 1, ...options });
        if (isRead) facade.breaker.actor.getSnapshot();
        await fail(facade);
        const told = facade.news();
        expect(told).toMatchObject([{ to: 'open', reason: { name: 'ProviderError', status: 529, ...expected } }]);
        expect(JSON.stringify(told)).not.toContain(secret);
      },
    );
  });

  it('is told by a breaker that has not heard from its fleet yet, too', async () => {
    const { fleet, members } = createFakeFleet();
    const breaker = createBreaker({
      name: 'model',
      clock: createTestClock(),
      failureThreshold: 1,
      fleet,
      classifyError: kind,
    });
    await fail({ breaker });
    const reason = { name: 'ProviderError', kind: 'overloaded', status: 529 };
    expect(members[0]?.told).toMatchObject([{ to: 'open', reason }]);
  });

  it('is none for a circuit that opened by hand', () => {
    const { breaker, news } = createInFleet();
    breaker.trip();
    expect(news()).toMatchObject([{ to: 'open', by: 'breaker.trip', reason: null }]);
  });
});
