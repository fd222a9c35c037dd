import { type BreakerEvent, callFailed, circuitBreakerMachine } from 'agent-circuit-breaker/machines';
import { describe, expect, it } from 'vitest';
import { createActor } from 'xstate';
import { createTestClock } from '../../support/test-clock.ts';

const trialTimeout = 100;
const ends: Readonly<Record<string, (at?: number) => BreakerEvent>> = {
  'call.succeeded': (at) => ({ type: 'call.succeeded', trial: 'a', at }),
  'call.failed': (at) => callFailed(new Error('down'), { trial: 'a', at }),
  'call.ignored': (at) => ({ type: 'call.ignored', trial: 'a', at }),
  'call.cancelled': (at) => ({ type: 'call.cancelled', trial: 'a', at }),
};

/** What a half-open breaker remembers once its only trial has ended, so long after it began. */
function contextAfter(end: (now: number) => BreakerEvent, ms: number) {
  const clock = createTestClock();
  const input = { recoveryTimeout: 1000, trialTimeout, successThreshold: 2 };
  const actor = createActor(circuitBreakerMachine, { clock, input }).start();
  actor.send({ type: 'breaker.trip' });
  clock.jump(1000);
  actor.send({ type: 'recovery.elapsed' });
  actor.send({ type: 'trial.started', trial: 'a' });
  clock.jump(ms);
  actor.send(end(clock.now()));
  return actor.getSnapshot().context;
}

describe('the end of a trial that says nothing of its time', () => {
  it.each(Object.entries(ends))(
    'S-73 is that of the present, in time and at the end of the lease: %s',
    (_type, end) => {
      for (const ms of [0, trialTimeout - 1, trialTimeout, trialTimeout + 1])
        expect(contextAfter(() => end(), ms)).toEqual(contextAfter(end, ms));
    },
  );
});
