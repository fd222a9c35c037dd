import { callFailed } from '../../machines/hidden-error.ts';
import { rampDurationMs } from '../../machines/recovery-ramp.ts';
import type { RampSettings } from '../../machines/settings/breaker-settings.ts';
import type { MachineBench } from './machine-bench.ts';
import { expectState, type MachineRule, passTrials, type Subject, started, succeeded } from './machine-rule.ts';

/** A ramp that a machine is on. */
export interface RunningRamp {
  readonly settings: RampSettings;
  /** When it is over, epoch ms. */
  readonly endAt: number;
  readonly durationMs: number;
}

/** What holds where the settings have a ramp. */
export const rampRules: readonly MachineRule[] = [
  {
    name: 'a ramp follows the good trials, and closes the circuit when its time is over',
    check: (subject) => {
      whileRamping(subject, (bench, { endAt, durationMs }) => {
        bench.clock.advance(Math.max(0, durationMs - 1));
        bench.send({ type: 'recovery.elapsed' }, started('c'), succeeded('c'));
        expectState(bench, 'halfOpen', 'before its ramp is over');
        bench.advanceTo(endAt);
        expectState(bench, 'closed', 'when its ramp is over');
      });
      for (const event of [{ type: 'recovery.elapsed' } as const, started('c', 0.9)])
        whileRamping(subject, (bench, { endAt }) => {
          bench.jumpTo(endAt);
          bench.send(event);
          expectState(bench, 'closed', `after ${event.type} when its ramp is over`);
        });
    },
  },
  {
    name: 'a ramp lets some of the calls through, and not all of them',
    check: (subject) => {
      whileRamping(subject, (bench, { endAt, settings }) => {
        const isLetThrough = (trial: string, lot: number) => {
          bench.send(started(trial, lot));
          return bench.context.trials.some(({ id }) => id === trial);
        };
        if (isLetThrough('c', 0.999_999)) throw new Error('in its first step even the lot 0.999999 is let through');
        bench.jumpTo(endAt - settings.stepDurationMs / 2);
        if (!isLetThrough('d', 0)) throw new Error('in its last step not even the lot 0 is let through');
      });
    },
  },
  {
    name: 'a failure on a ramp opens the circuit again',
    check: (subject) => {
      whileRamping(subject, (bench, { endAt, settings }) => {
        bench.jumpTo(endAt - settings.stepDurationMs / 2);
        bench.send(started('c'), callFailed(subject.failure, { trial: 'c' }));
        expectState(bench, 'open', 'after a failure on its ramp');
      });
    },
  },
];

/**
 * The ramp that a machine is on after its trials went well.
 *
 * @returns undefined where it has none.
 * @throws Error where it has one, and is not on it.
 */
export function onRamp(bench: MachineBench): RunningRamp | undefined {
  const { rampStartedAt, settings } = bench.context;
  if (settings.ramp === null) return undefined;
  if (rampStartedAt === null || bench.state !== 'halfOpen')
    throw new Error(`it is ${bench.state} after successThreshold good trials, where its ramp was wanted`);
  const durationMs = rampDurationMs(settings.ramp);
  return { settings: settings.ramp, durationMs, endAt: rampStartedAt + durationMs };
}

function whileRamping({ start }: Subject, check: (bench: MachineBench, ramp: RunningRamp) => void): void {
  const bench = start();
  passTrials(bench);
  const ramp = onRamp(bench);
  if (ramp !== undefined) check(bench, ramp);
}
