import { attachBreaker, type BreakerOptions, createBreaker, createBreakerMachine } from 'agent-circuit-breaker';
import { expect, it } from 'vitest';
import { createActor } from 'xstate';
import { createTestClock } from '../../support/test-clock.ts';

const down = new Error('down');

const facades = {
  'held back': (options: BreakerOptions) => createBreaker({ ...options, failureThreshold: 2 }),
  'sent at once': (options: BreakerOptions) => {
    const breaker = createBreaker({ ...options, failureThreshold: 2 });
    breaker.actor.getSnapshot();
    return breaker;
  },
  'of an attached actor': ({ clock, onOpen }: BreakerOptions) => {
    const actor = createActor(createBreakerMachine({ failureThreshold: 2 }), clock && { clock });
    return attachBreaker(actor.start(), { onOpen });
  },
};

it.each(Object.entries(facades))('S-75 onOpen can read the error, JSON cannot: outcomes %s', async (_title, make) => {
  const events: object[] = [];
  const breaker = make({ clock: createTestClock(), onOpen: (event) => events.push(event) });
  for (let round = 0; round < 2; round++) await breaker.call(() => Promise.reject(down)).catch(() => {});
  expect(events).toHaveLength(1);
  expect(events[0]).toHaveProperty('error', down);
  expect(JSON.stringify(events)).not.toContain('error');
  breaker.reset();
  breaker.trip();
  expect(events[1]).not.toHaveProperty('error');
});
