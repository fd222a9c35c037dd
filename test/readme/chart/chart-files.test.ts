import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { circuitBreakerMachine } from '../../../machines/circuit-breaker.machine.ts';
import { pathOf, placeText } from '../readme-text.ts';
import { chartFiles } from './chart-files.ts';
import { selectionsOf } from './chart-selections.ts';
import { leftOut } from './left-out.ts';

const files = await chartFiles();

describe('the drawings of the chart', () => {
  it('are the core, half-open and the fleet, in the README and in that of the machines', () => {
    expect(files.map(({ path }) => path)).toEqual([
      'machines/chart-core.svg',
      'machines/chart-half-open.svg',
      'machines/chart-fleet.svg',
      'README.md',
      'machines/README.md',
    ]);
  });

  it.each(files)('are what npm run diagram draws: $path', ({ path, text }) => {
    const isUpToDate = readFileSync(pathOf(path), 'utf8') === text;
    expect(isUpToDate, `The chart in ${path} is stale. Run npm run diagram, and look at it.`).toBe(true);
  });

  it('are the same each time', async () => {
    expect(await chartFiles()).toEqual(files);
  });

  it('show every state and every transition of the machine', () => {
    const missing = leftOut(circuitBreakerMachine, selectionsOf(circuitBreakerMachine));
    expect(missing, 'Let a selection of chart-selections.ts take it in.').toEqual([]);
  });
});

describe('what is generated', () => {
  it('goes between its marks, and only there', () => {
    const markdown = 'before\n<!-- chart:start -->\nold\n<!-- chart:end -->\nafter\n';
    const placed = placeText(markdown, 'chart', 'new');
    expect(placed).toBe('before\n<!-- chart:start -->\nnew\n<!-- chart:end -->\nafter\n');
    expect(placeText(placed, 'chart', 'new')).toBe(placed);
  });

  it.each(['', '<!-- chart:start -->', '<!-- chart:end --><!-- chart:start -->'])(
    'is refused by a text without its marks, with the command to run: %j',
    (markdown) => {
      expect(() => placeText(markdown, 'chart', 'new')).toThrow('npm run diagram');
    },
  );
});
