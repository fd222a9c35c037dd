import { expect, it } from 'vitest';
import { runScript } from '../support/child.ts';
import { fleetStory } from './stories.ts';

it('the example of a fleet tells its story and ends well', { timeout: 40_000 }, async () => {
  const { code, stdout, stderr } = await runScript('examples/fleet.ts');
  expect(stderr).toBe('');
  expect(stdout.split('\n').filter((line) => fleetStory.includes(line))).toEqual(fleetStory);
  expect(code).toBe(0);
});
