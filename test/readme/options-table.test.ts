import { describe, expect, it } from 'vitest';
import { breakerRules } from '../../src/options/check-options.ts';
import { readReadme, tableRows } from './readme-text.ts';

/** The names in the first column; a row may be about several options. */
function optionsOfTable(): readonly string[] {
  const rows = tableRows(readReadme(), 'option', 'option');
  return rows.flatMap(([names = '']) => [...names.matchAll(/`(\w+)`/g)].map(([, name = '']) => name));
}

describe('the table of options in the README', () => {
  it('lists exactly the options that createBreaker accepts, each once', () => {
    expect([...optionsOfTable()].sort()).toEqual(Object.keys(breakerRules).sort());
  });

  it('tells a default for every option', () => {
    const rows = tableRows(readReadme(), 'option', 'default');
    expect(rows.length).toBeGreaterThan(10);
    expect(rows.filter(([value]) => value === '')).toEqual([]);
  });
});
