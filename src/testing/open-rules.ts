import { callFailed } from '../../machines/hidden-error.ts';
import type { MachineBench } from './machine-bench.ts';
import { expectState, type MachineRule, started } from './machine-rule.ts';

/** What holds while the circuit is open. */
export const openRules: readonly MachineRule[] = [
  {
    name: 'an open circuit rejects until its wait is over, and half-opens by its timer',
    check: ({ start }) => {
      const bench = start();
      bench.send({ type: 'breaker.trip' });
      expectWait(bench, 'after breaker.trip');
    },
  },
  {
    name: 'no timer needs to fire for it to half-open',
    check: ({ start }) => {
      const bench = start();
      bench.send({ type: 'breaker.trip' });
      bench.jumpTo(bench.recoverAt);
      bench.send({ type: 'recovery.elapsed' });
      expectState(bench, 'halfOpen', 'after recovery.elapsed at recoverAt');
    },
  },
  {
    name: 'one failed trial opens it again, for a whole wait',
    check: ({ start, failure }) => {
      const bench = start();
      bench.halfOpen();
      bench.send(started('a'), callFailed(failure, { trial: 'a' }));
      expectWait(bench, 'after a failed trial');
    },
  },
  {
    name: 'restored by plain XState while open, it recovers by itself',
    check: ({ start, restore, failure }) => {
      const bench = start();
      bench.send(callFailed(failure), { type: 'breaker.trip' });
      const restored = restore(bench, (bench.recoverAt - bench.clock.now()) / 2);
      expectState(restored, 'open', 'when it is restored');
      restored.advanceTo(bench.recoverAt);
      expectState(restored, 'halfOpen', 'when what was left of its wait is over');
    },
  },
];

function expectWait(bench: MachineBench, when: string): void {
  expectState(bench, 'open', when);
  if (bench.has('admitting')) throw new Error(`it admits calls while it is open ${when}`);
  const waitMs = bench.recoverAt - bench.clock.now();
  if (!(waitMs > 0)) throw new Error(`its wait ${when} is ${waitMs} ms`);
  bench.send({ type: 'recovery.elapsed' });
  expectState(bench, 'open', 'after recovery.elapsed that came too early');
  bench.clock.advance(Math.max(0, waitMs - 1));
  expectState(bench, 'open', 'one millisecond before recoverAt');
  bench.advanceTo(bench.recoverAt);
  expectState(bench, 'halfOpen', 'at recoverAt');
}
