import { describe, expect, it } from 'vitest';
import { bundleScript } from '../../support/bundle-scripts.ts';
import { startNode } from '../../support/child.ts';
import { scenarios } from './memory-scenarios.mts';

const oneMegabyte = 2 ** 20;

/** Runs a scenario in a process of its own, where the garbage collector can be called. */
async function runAlone(name: string): Promise<unknown> {
  const script = await bundleScript('test/src/lifecycle/memory-fixture.mts');
  const { stdout, stderr } = await startNode(['--expose-gc', script, name]).ended;
  expect(stderr).toBe('');
  return JSON.parse(stdout);
}

describe('memory', () => {
  it.each(Object.keys(scenarios))(
    'S-76 is flat: %s',
    async (name) => {
      const growth = await runAlone(name);
      expect(growth).toBeTypeOf('number');
      expect(growth).toBeLessThan(oneMegabyte);
    },
    60_000,
  );

  it('S-76 keeps an error only while it is the cause of an open circuit', async () => {
    const kept = await runAlone('errors');
    const expected = ['held back', 'sent at once', 'attached'].flatMap((kind) => [
      [`${kind}: never opened`, false],
      [`${kind}: never opened, state`, false],
      [`${kind}: stays open`, true],
      [`${kind}: is half-open`, true],
      [`${kind}: closes`, false],
      [`${kind}: opens anew`, false],
      [`${kind}: is reset`, false],
      [`${kind}: is reset through its actor`, false],
      [`${kind}: is isolated`, false],
      [`${kind}: is disabled`, false],
      [`${kind}: is stopped`, false],
    ]);
    expect(kept).toEqual(Object.fromEntries(expected));
  }, 60_000);

  it('S-46 S-48 S-76 keeps nothing of calls with a lasting signal, but what is still being read', async () => {
    const kept = await runAlone('signals');
    const flat = { growth: expect.toSatisfy((growth: number) => growth < oneMegabyte), listeners: 0 };
    expect(kept).toEqual({
      ...{ answers: flat, requests: flat, compositeSignals: 0 },
      reached: { itself: true, body: true, controller: true, nothing: false },
      ...{ isBodyEnded: true, isStreamEnded: true },
    });
  }, 60_000);
});
