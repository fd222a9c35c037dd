import { changeRules } from './change-rules.ts';
import { clockRules } from './clock-rules.ts';
import { commandRules } from './command-rules.ts';
import { eventRules } from './event-rules.ts';
import type { MachineRule } from './machine-rule.ts';
import { openRules } from './open-rules.ts';
import { rampRules } from './ramp-rules.ts';
import { snapshotRules } from './snapshot-rules.ts';
import { trialRules } from './trial-rules.ts';

/** The rules of a breaker's machine, in the order in which they are checked. */
export const machineRules: readonly MachineRule[] = [
  ...openRules,
  ...trialRules,
  ...rampRules,
  ...clockRules,
  ...commandRules,
  ...changeRules,
  ...snapshotRules,
  ...eventRules,
];
