import { describe, expect, it } from 'vitest';
import {
  findTrial,
  firstExpiry,
  hasLapsed,
  isOutstanding,
  lapse,
  nextTrialId,
  shortenedLeases,
  type Trial,
  type Trials,
  withoutTrial,
} from '../../machines/trials.ts';

const trials: readonly Trial[] = Object.freeze([
  Object.freeze({ id: 'a', expiresAt: 100 }),
  Object.freeze({ id: 0, expiresAt: 300 }),
  Object.freeze({ id: '', expiresAt: 200 }),
]);
const ids = (list: readonly Trial[]) => list.map(({ id }) => id);
const outstanding: Trials = Object.freeze({ trials, lapsedTrials: Object.freeze(['old', 7]) });
const none: Trials = { trials: [], lapsedTrials: [] };
const named = ({ trials: running, lapsedTrials }: Trials) => [...lapsedTrials, '|', ...ids(running)];

describe('a trial', () => {
  it('that runs is found by its name', () => {
    expect(findTrial(trials, '')).toBe(trials[2]);
    expect(findTrial(trials, 0)).toBe(trials[1]);
    expect(findTrial(trials, '0')).toBeUndefined();
  });

  it('S-32 is outstanding until it ends, be its lease over or not', () => {
    for (const id of ['a', 0, '', 'old', 7]) expect(isOutstanding(outstanding, id)).toBe(true);
    for (const id of ['0', '7', 'never']) expect(isOutstanding(outstanding, id)).toBe(false);
    expect([isOutstanding(outstanding, undefined), isOutstanding(none, undefined)]).toEqual([true, false]);
    expect(isOutstanding({ trials: [], lapsedTrials: ['old'] }, undefined)).toBe(true);
  });

  it('S-32 has lapsed by its name, or as the oldest', () => {
    expect(['old', 7, 'a', undefined].map((id) => hasLapsed(outstanding, id))).toEqual([true, true, false, true]);
    expect(hasLapsed({ trials, lapsedTrials: [] }, undefined)).toBe(false);
  });

  it('S-33 is taken out once, by its name or as the oldest', () => {
    expect(named(withoutTrial(outstanding, 0))).toEqual(['old', 7, '|', 'a', '']);
    expect(named(withoutTrial(outstanding, 'old'))).toEqual([7, '|', 'a', 0, '']);
    expect(named(withoutTrial(outstanding, 'gone'))).toEqual(['old', 7, '|', 'a', 0, '']);
    expect(named(withoutTrial(outstanding, undefined))).toEqual([7, '|', 'a', 0, '']);
    expect(named(withoutTrial(outstanding, undefined, 3))).toEqual(['|', 0, '']);
    expect(named(withoutTrial(outstanding, undefined, 9))).toEqual(['|']);
    expect(withoutTrial(none, undefined)).toEqual(none);
  });

  it('without a name gets a number that no trial has', () => {
    const numbered = [3, 5, 4].map((id) => ({ id, expiresAt: 1 }));
    expect(nextTrialId(none, 0)).toBe(1);
    expect(nextTrialId(outstanding, 4)).toBe(5);
    expect(nextTrialId(outstanding, 6)).toBe(8);
    expect(nextTrialId({ trials: numbered, lapsedTrials: [] }, 2)).toBe(6);
    expect(nextTrialId({ trials: [{ id: '3', expiresAt: 1 }], lapsedTrials: ['3'] }, 2)).toBe(3);
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
    expect(nextTrialId({ trials: [largest], lapsedTrials: [] }, 2 ** 53)).not.toBe(2 ** 53);
  });
});

describe('a lease', () => {
  it.each<[number | undefined, (string | number)[]]>([
    [99, ['old', 7, '|', 'a', 0, '']],
    [100, ['old', 7, 'a', '|', 0, '']],
    [200, ['old', 7, 'a', '', '|', 0]],
    [300, ['old', 7, 'a', '', 0, '|']],
    [undefined, ['old', 7, '|', 'a', 0, '']],
  ])('S-32 at %s is over for those before the bar, in the order of their timers: %j', (at, names) => {
    expect(named(lapse(outstanding, at))).toEqual(names);
  });

  it('S-32 is over for one trial alone, where that is asked', () => {
    expect(named(lapse(outstanding, 200, 'a'))).toEqual(['old', 7, 'a', '|', 0, '']);
    expect(named(lapse(outstanding, 99, 'a'))).toEqual(['old', 7, '|', 'a', 0, '']);
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
