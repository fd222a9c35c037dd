import { describe, expect, it } from 'vitest';
import {
  findTrial,
  firstExpiry,
  nextTrialId,
  runningTrials,
  shortenedLeases,
  type Trial,
  withoutTrial,
} from '../../machines/trials.ts';

const trials: readonly Trial[] = Object.freeze([
  Object.freeze({ id: 'a', expiresAt: 100 }),
  Object.freeze({ id: 0, expiresAt: 300 }),
  Object.freeze({ id: '', expiresAt: 200 }),
]);
const ids = (list: readonly Trial[]) => list.map(({ id }) => id);

describe('a trial', () => {
  it('is found by its name, or as the oldest', () => {
    expect(findTrial(trials, '')).toBe(trials[2]);
    expect(findTrial(trials, 0)).toBe(trials[1]);
    expect(findTrial(trials, undefined)).toBe(trials[0]);
    expect(findTrial(trials, '0')).toBeUndefined();
    expect(findTrial([], undefined)).toBeUndefined();
  });

  it('S-33 is taken out once, by its name or as the oldest', () => {
    expect(ids(withoutTrial(trials, 0))).toEqual(['a', '']);
    expect(ids(withoutTrial(trials, 'gone'))).toEqual(['a', 0, '']);
    expect(ids(withoutTrial(trials, undefined))).toEqual([0, '']);
    expect(ids(withoutTrial(trials, undefined, 2))).toEqual(['']);
    expect(ids(withoutTrial(trials, undefined, 9))).toEqual([]);
    expect(withoutTrial([], undefined)).toEqual([]);
  });

  it('without a name gets a number that no running trial has', () => {
    expect(nextTrialId([], 0)).toBe(1);
    expect(nextTrialId(trials, 4)).toBe(5);
    const numbered = [3, 5, 4].map((id) => ({ id, expiresAt: 1 }));
    expect(nextTrialId(numbered, 2)).toBe(6);
    expect(nextTrialId([{ id: '3', expiresAt: 1 }], 2)).toBe(3);
  });

  it('S-32 without a name does not search for a number for ever, beside the largest there is', () => {
    let asked = 0;
    const largest: Trial = {
      get id() {
        if (++asked > 1000) throw new Error('searches for ever');
        return 2 ** 53;
      },
      expiresAt: 1,
    };
    expect(nextTrialId([largest], 2 ** 53)).not.toBe(2 ** 53);
  });
});

describe('a lease', () => {
  it.each<[number | undefined, (string | number)[]]>([
    [99, ['a', 0, '']],
    [100, [0, '']],
    [200, [0]],
    [300, []],
    [undefined, ['a', 0, '']],
  ])('S-32 at %s runs for %j', (at, running) => {
    expect(ids(runningTrials(trials, at))).toEqual(running);
  });

  it('S-27 is at most a full one from now, and is never made longer', () => {
    expect(shortenedLeases(trials, 50, 200)).toEqual([
      { id: 'a', expiresAt: 100 },
      { id: 0, expiresAt: 250 },
      { id: '', expiresAt: 200 },
    ]);
    expect(shortenedLeases(trials, 500, 200)).toEqual(trials);
  });

  it('that ends first is known; without any, none ever does', () => {
    expect(firstExpiry(trials)).toBe(100);
    expect(firstExpiry([])).toBe(Infinity);
  });
});
