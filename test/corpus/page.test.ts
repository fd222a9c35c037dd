import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { corpus } from './corpus.ts';
import { groups } from './groups.ts';
import { pagePath, placeCorpus } from './page.ts';

describe('the page of how model calls fail', () => {
  it('has the corpus as it is: if not, run npm run corpus', () => {
    const page = readFileSync(pagePath, 'utf8');
    expect(placeCorpus(page) === page).toBe(true);
  });

  it('has every case once, and no group without one', () => {
    const page = readFileSync(pagePath, 'utf8');
    for (const { name } of corpus) expect(page.split(`/cases/${name}.json)`)).toHaveLength(2);
    expect(new Set(corpus.map(({ group }) => group))).toEqual(new Set(Object.keys(groups)));
  });

  it('is refused where it has no place for the corpus', () => {
    expect(() => placeCorpus('# A page')).toThrow('<!-- corpus:start -->');
  });
});
