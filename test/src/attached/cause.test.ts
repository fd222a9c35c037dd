import { attachBreaker } from 'agent-circuit-breaker';
import { callFailed } from 'agent-circuit-breaker/machines';
import { describe, expect, it } from 'vitest';
import { reasonOf } from '../../support/calls.ts';
import { recoveryTimeout } from '../half-open/half-open-breaker.ts';
import { createRoot } from './homes.ts';

const down = new Error('down');

describe('the cause that a facade tells', () => {
  it('S-72 is that of a failure which somebody else reported to the actor', async () => {
    const { actor } = createRoot({ failureThreshold: 1 });
    const facade = attachBreaker(actor);
    actor.send(callFailed(down));
    expect(await reasonOf(facade.call(() => 'never'))).toMatchObject({ reason: 'open', cause: down });
  });

  it.each(['breaker.reset', 'breaker.isolate', 'breaker.disable'] as const)(
    'S-72 is forgotten when somebody else sends %s',
    async (type) => {
      const { actor, clock } = createRoot({ failureThreshold: 1, recoveryTimeout });
      const facade = attachBreaker(actor);
      await reasonOf(facade.call(() => Promise.reject(down)));
      actor.send({ type });
      if (type !== 'breaker.isolate') actor.send({ type: 'breaker.isolate' });
      expect(await reasonOf(facade.call(() => 'never'))).not.toHaveProperty('cause');
      actor.send({ type: 'breaker.disable' });
      actor.send({ type: 'breaker.trip' });
      clock.advance(recoveryTimeout);
      facade.acquire();
      expect(await reasonOf(facade.call(() => 'never'))).not.toHaveProperty('cause');
    },
  );

  it('S-72 outlasts the wait, and goes with a recovery that somebody else reports', async () => {
    const { actor, clock } = createRoot({ failureThreshold: 1, recoveryTimeout });
    const facade = attachBreaker(actor);
    await reasonOf(facade.call(() => Promise.reject(down)));
    clock.advance(recoveryTimeout);
    actor.send({ type: 'trial.started', trial: 'theirs' });
    expect(await reasonOf(facade.call(() => 'never'))).toMatchObject({ reason: 'halfOpen', cause: down });
    actor.send({ type: 'call.succeeded', trial: 'theirs' });
    actor.send({ type: 'breaker.trip' });
    expect(await reasonOf(facade.call(() => 'never'))).not.toHaveProperty('cause');
  });
});
