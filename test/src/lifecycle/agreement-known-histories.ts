import type { BreakerMachineOptions } from 'agent-circuit-breaker/machines';
import type { Step } from './history.ts';

interface KnownHistory {
  readonly options: BreakerMachineOptions;
  readonly steps: readonly Step[];
}

const options: BreakerMachineOptions = {
  failureThreshold: 1,
  recoveryTimeout: 100,
  trialTimeout: 50,
  recoveryRamp: { steps: 1, stepDuration: 10 },
};

const start: Step = { type: 'start', way: 'call' };

/** Opens, waits, and begins the ramp with a trial that goes well. */
const untilRamp: readonly Step[] = [
  start,
  { type: 'end', index: 0, end: 'failure' },
  { type: 'advance', ms: 100 },
  start,
  { type: 'end', index: 0, end: 'success' },
];

/** Histories so rare that chance would seldom make them again. */
export const knownHistories: Readonly<Record<string, KnownHistory>> = {
  'a call is the first to notice that a ramp is over': {
    options,
    steps: [...untilRamp, { type: 'jump', ms: 10 }, start],
  },
  'a clock goes back while a trial runs in a ramp': {
    options,
    steps: [...untilRamp, start, { type: 'jump', ms: -1000 }, { type: 'look' }, { type: 'jump', ms: 5 }],
  },
};
