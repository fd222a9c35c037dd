import { createTestClock, type TestClock } from '../../support/test-clock.ts';

/** A clock that stands still, and draws by a script. */
export interface ScriptedClock extends TestClock {
  /** How many numbers have been drawn. */
  readonly drawn: () => number;
  /** Numbers to be drawn next, in this order; the last of them again and again. */
  readonly draw: (...lots: readonly number[]) => void;
  readonly random: () => number;
}

/** Creates a clock whose chance is told beforehand: 0.5 unless the test says otherwise. */
export function createScriptedClock(): ScriptedClock {
  let queue: readonly number[] = [0.5];
  let drawn = 0;
  return Object.assign(createTestClock(), {
    drawn: () => drawn,
    draw: (...lots: readonly number[]) => {
      queue = lots;
    },
    random: () => {
      drawn++;
      const [lot = 0.5, ...rest] = queue;
      if (rest.length > 0) queue = rest;
      return lot;
    },
  });
}
