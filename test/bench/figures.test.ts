import { expect, it } from 'vitest';
import { ours, toFigures, toGrowth } from './figures.ts';

// Somebody slows every second round down: whoever compares only medians takes that for a difference.
const samples = new Map([
  [ours, [300, 3_000, 330]],
  ['by hand', [200, 2_000, 220]],
  ['bare', [100, 1_000, 110]],
]);

it('compares samples of the same round', () => {
  const { values, ratios } = toFigures(samples, { unit: 'ns' });
  expect(values.get(ours)).toEqual([330]);
  expect(ratios).toEqual([
    { of: 'by hand', median: 1.5, low: 1.5, high: 1.5 },
    { of: 'bare', median: 3, low: 3, high: 3 },
  ]);
});

it('leaves the bare call out of the same round of all others, but compares the whole with it', () => {
  const { values, spreads, ratios } = toFigures(samples, { unit: 'ns', without: 'bare' });
  expect(Object.fromEntries(values)).toEqual({ [ours]: [220], 'by hand': [110], bare: [110] });
  expect(spreads).toEqual([{ low: 204, high: 1_644 }]);
  expect(ratios).toEqual([
    { of: 'by hand', median: 2, low: 2, high: 2 },
    { of: 'bare', median: 3, low: 3, high: 3 },
  ]);
});

it('tells how something grows with a size', () => {
  const few = new Map([[ours, [10, 100]]]);
  const many = new Map([[ours, [20, 200]]]);
  const { values, spreads, ratios } = toGrowth([few, many], 'ns');
  expect(values.get(ours)).toEqual([55, 110]);
  expect(spreads).toHaveLength(2);
  expect(ratios).toEqual([{ of: 'the first', median: 2, low: 2, high: 2 }]);
});
