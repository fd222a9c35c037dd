import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { flushMicrotasks } from '../../support/calls.ts';
import { createBarePlayer } from './bare-player.ts';
import { createFacadePlayer, facades } from './facade-player.ts';
import { history, settings } from './history.ts';

describe.each(Object.entries(facades))('a facade %s', (_title, make) => {
  it('S-73 agrees with a bare actor on every state, count and change, in 300 random histories', async () => {
    await fc.assert(
      fc.asyncProperty(settings, history, async (input, steps) => {
        const bare = createBarePlayer(input);
        const facade = createFacadePlayer(make, input);
        for (const step of steps) {
          bare.play(step);
          facade.play(step);
          expect(facade.view).toEqual(bare.view);
        }
        await flushMicrotasks();
        expect(facade.changes).toEqual(bare.changes);
        expect(facade.context()).toEqual(bare.context());
      }),
      { numRuns: 300 },
    );
  });

  it('S-73 agrees as well where timers fire and nobody reads it before the end', async () => {
    await fc.assert(
      fc.asyncProperty(settings, history, async (input, random) => {
        const steps = random.map((step) => (step.kind === 'time' ? { ...step, withTimers: true } : step));
        const bare = createBarePlayer(input);
        const facade = createFacadePlayer(make, input);
        for (const step of steps) {
          bare.play(step);
          facade.play(step);
        }
        expect(facade.view).toEqual(bare.view);
        expect(facade.context()).toEqual(bare.context());
        await flushMicrotasks();
        expect(facade.changes.at(-1)).toEqual(bare.changes.at(-1));
      }),
      { numRuns: 300 },
    );
  });
});

describe('random histories', () => {
  it('reach every state, so that the agreement means something', () => {
    const seen = new Set<string>();
    for (const [input, steps] of fc.sample(fc.tuple(settings, history), { numRuns: 300, seed: 1 })) {
      const bare = createBarePlayer(input);
      for (const step of steps) {
        bare.play(step);
        seen.add(bare.view.state);
      }
    }
    expect([...seen].sort()).toEqual(['closed', 'disabled', 'halfOpen', 'isolated', 'open']);
  });
});
