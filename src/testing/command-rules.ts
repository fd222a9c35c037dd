import { callFailed } from '../../machines/hidden-error.ts';
import type { MachineBench } from './machine-bench.ts';
import { expectState, type MachineRule } from './machine-rule.ts';

/** What holds of commands. */
export const commandRules: readonly MachineRule[] = [
  {
    name: 'an isolation ends with its last hold, never with time or results',
    check: ({ start, failure }) => {
      const bench = start();
      bench.send({ type: 'breaker.isolate' }, { type: 'breaker.isolate' }, callFailed(failure), {
        type: 'call.succeeded',
      });
      bench.clock.advance(1_000_000);
      bench.send({ type: 'recovery.elapsed' }, { type: 'breaker.release' });
      expectState(bench, 'isolated', 'while a hold is left');
      if (bench.has('admitting')) throw new Error('it admits calls while it is isolated');
      bench.send({ type: 'breaker.release' });
      expectState(bench, 'closed', 'after the last breaker.release');
    },
  },
  {
    name: 'a disabled circuit admits and counts nothing',
    check: ({ start, failure }) => {
      const bench = start();
      bench.send({ type: 'breaker.disable' });
      for (let call = 0; call < 100; call++) bench.send(callFailed(failure));
      expectState(bench, 'disabled', 'after 100 failures');
      if (!bench.has('admitting')) throw new Error('it does not admit calls');
      bench.send({ type: 'breaker.enable' });
      if (bench.context.consecutiveFailures > 0) throw new Error('it has counted failures');
    },
  },
  {
    name: 'a reset begins a new generation and forgets what was counted',
    check: ({ start, failure }) => {
      for (let failures = 0; failures < 4; failures++)
        for (const isTripped of [false, true]) {
          const bench = start();
          const fresh = tellCounts(bench);
          for (let call = 0; call < failures; call++) bench.send(callFailed(failure));
          const counted = tellCounts(bench);
          if (isTripped) bench.send({ type: 'breaker.trip' });
          const { generation } = bench.context;
          bench.send({ type: 'breaker.reset' });
          const after = tellCounts(bench);
          if (!(bench.context.generation > generation)) throw new Error(`its generation is ${generation} as before`);
          if (after.counts !== fresh.counts)
            throw new Error(`after ${failures} failures and a reset its counts are ${after.counts}`);
          // What memory is like when it is empty is the machine's own affair, unless nothing has happened to it.
          const isKept = counted.memory !== fresh.memory && after.memory === counted.memory;
          if (isKept) throw new Error(`it still remembers ${after.memory} after a reset`);
        }
    },
  },
];

function tellCounts({ context: { consecutiveFailures, failureTimes, window, memory } }: MachineBench) {
  return {
    counts: JSON.stringify({ consecutiveFailures, failureTimes, window }),
    memory: JSON.stringify(memory ?? null),
  };
}
