import { type MachineBench, roundingMs } from './machine-bench.ts';
import { expectState, type MachineRule, passTrials, type Subject, started } from './machine-rule.ts';
import { onRamp } from './ramp-rules.ts';

/** How far the clock goes back, ms. */
const backMs = 5_000;

/** What holds when the clock goes back. */
export const clockRules: readonly MachineRule[] = [
  {
    name: 'a clock that goes back costs at most one full wait, lease or ramp more',
    check: (subject) => {
      checkWait(subject);
      checkLeases(subject);
      checkRamp(subject);
    },
  },
];

function checkWait({ start }: Subject): void {
  const bench = start();
  bench.send({ type: 'breaker.trip' });
  const waitMs = Math.max(bench.recoverAt - bench.clock.now(), bench.context.waitMs ?? 0);
  goBack(bench, 'recovery.elapsed');
  expectState(bench, 'open', 'after the clock went back');
  const restMs = bench.recoverAt - bench.clock.now();
  if (restMs > waitMs + roundingMs)
    throw new Error(`${restMs} ms are left of its wait of ${waitMs} ms after the clock went back`);
  bench.advanceTo(bench.clock.now() + waitMs);
  expectState(bench, 'halfOpen', 'one full wait after the clock went back');
}

function checkLeases({ start }: Subject): void {
  const bench = start();
  bench.halfOpen();
  bench.send(started('a'), started('b'));
  goBack(bench, 'trial.expired');
  bench.jumpTo(bench.clock.now() + bench.context.settings.trialTimeoutMs);
  bench.send({ type: 'trial.expired' });
  if (!bench.has('admitting')) throw new Error('no slot is free one full lease after the clock went back');
}

function checkRamp({ start }: Subject): void {
  const bench = start();
  passTrials(bench);
  const ramp = onRamp(bench);
  if (ramp === undefined) return;
  goBack(bench, 'recovery.elapsed');
  bench.jumpTo(bench.clock.now() + ramp.durationMs);
  bench.send({ type: 'recovery.elapsed' });
  expectState(bench, 'closed', 'one full ramp after the clock went back');
}

function goBack(bench: MachineBench, type: 'recovery.elapsed' | 'trial.expired'): void {
  bench.clock.jump(-backMs);
  bench.send({ type });
}
