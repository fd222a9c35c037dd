import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';
import { scenarios } from './memory-scenarios.mts';

const root = fileURLToPath(new URL('../../..', import.meta.url));
const fixture = fileURLToPath(new URL('./memory-fixture.mts', import.meta.url));
const oneMegabyte = 2 ** 20;

/** Runs a scenario in a process of its own, where the garbage collector can be called. */
async function runAlone(name: string): Promise<unknown> {
  const { stdout } = await promisify(execFile)(process.execPath, ['--expose-gc', '--import', 'tsx', fixture, name], {
    cwd: root,
  });
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
});
