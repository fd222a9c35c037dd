import { BreakerOptionsError, createBreaker } from 'agent-circuit-breaker';
import { describe, expect, it } from 'vitest';
import { inputRules } from '../../machines/breaker-settings.ts';
import { breakerRules } from '../../src/check-options.ts';
import { readReadme, tableRows } from './readme-text.ts';

/** The names in the first column; a row may be about several options. */
function optionsOfTable(): readonly string[] {
  const rows = tableRows(readReadme(), 'option');
  return rows.flatMap(([names = '']) => [...names.matchAll(/`(\w+)`/g)].map(([, name = '']) => name));
}

/** What the code answers to an option that does not exist is the list of those that do. */
function acceptedOptions(): readonly string[] {
  const given: object = { 'no such option': true };
  try {
    createBreaker(given);
  } catch (error) {
    if (!BreakerOptionsError.isInstance(error)) throw error;
    const [, list] = /Known options are: (.*)\.$/.exec(error.message) ?? [];
    if (list !== undefined) return list.split(', ');
  }
  throw new Error('createBreaker no longer lists its options when it is given an unknown one.');
}

describe('the table of options in the README', () => {
  it('lists exactly the options that createBreaker accepts, each once', () => {
    expect([...optionsOfTable()].sort()).toEqual([...acceptedOptions()].sort());
  });

  it('lists every option that is data', () => {
    expect(optionsOfTable()).toEqual(expect.arrayContaining(Object.keys(inputRules)));
  });

  it('tells a default for every option', () => {
    const rows = tableRows(readReadme(), 'option');
    expect(rows.length).toBeGreaterThan(10);
    const [header = ''] = readReadme().match(/^\| option \|.*$/m) ?? [];
    const column =
      header
        .split('|')
        .map((cell) => cell.trim())
        .indexOf('default') - 1;
    expect(column).toBeGreaterThan(0);
    expect(rows.filter((cells) => (cells[column] ?? '') === '')).toEqual([]);
  });
});
