import { type CircuitBreaker, CircuitBreakerOpenError, createBreaker, guarded } from 'agent-circuit-breaker';
import { describe, expect, it } from 'vitest';
import { createActor, fromCallback, fromPromise, fromTransition, setup, toPromise } from 'xstate';
import { createTestClock } from '../../support/test-clock.ts';
import { type Kind, kinds, poke } from './logics.ts';

const down = new Error('down');

/** Runs an actor of a guarded logic, and tells how it ended for whoever watches it. */
function run(kind: Kind, breaker: CircuitBreaker) {
  const { logic, operation } = kind.make();
  const errors: unknown[] = [];
  const seen: string[] = [];
  const actor = createActor(guarded(logic, breaker));
  actor.subscribe({
    error: (error) => {
      errors.push(error);
      seen.push(`failures ${breaker.metrics().failures}`);
    },
    complete: () => seen.push(`successes ${breaker.metrics().successes}`),
  });
  actor.start();
  return {
    actor,
    operation,
    errors,
    seen,
    async end(how: 'succeed' | 'fail') {
      await operation[how](down);
      if (actor.getSnapshot().status === 'active') actor.send(poke[how]);
    },
  };
}

describe.each(kinds)('$name behind a breaker', (kind) => {
  it('S-05 fails at once with the rejection, and does not begin, while the circuit is open', () => {
    const breaker = createBreaker();
    breaker.trip();
    const { actor, errors, operation } = run(kind, breaker);
    expect(actor.getSnapshot().status).toBe('error');
    expect(errors).toEqual([expect.any(CircuitBreakerOpenError)]);
    expect(operation.begun).toBe(0);
    expect(breaker.metrics()).toMatchObject({ calls: 0, rejected: 1, inFlight: 0 });
  });

  it('S-01 S-03 is a failure when it fails, with its own error, counted before anybody hears of it', async () => {
    const breaker = createBreaker();
    const { errors, end, operation, seen } = run(kind, breaker);
    expect(operation.begun).toBe(1);
    expect(breaker.metrics()).toMatchObject({ calls: 1, inFlight: 1 });
    await end('fail');
    expect(errors).toEqual([down]);
    expect(breaker.metrics()).toMatchObject({ calls: 1, failures: 1, inFlight: 0, consecutiveFailures: 1 });
    expect(seen.filter((line) => line.startsWith('failures'))).toEqual(['failures 1']);
  });

  it('S-34 is neutral when it is stopped', () => {
    const breaker = createBreaker();
    const { actor } = run(kind, breaker);
    actor.stop();
    expect(breaker.metrics()).toMatchObject({ calls: 1, cancelled: 1, failures: 0, successes: 0, inFlight: 0 });
  });

  it('S-30 S-33 holds a trial slot as long as it runs, and gives it back on every way out', async () => {
    const clock = createTestClock();
    const breaker = createBreaker({ clock, recoveryTimeout: 1_000, trialTimeout: 60_000 });
    for (const way of ['stop', 'fail', 'succeed'] as const) {
      if (way === 'succeed' && !kind.canSucceed) continue;
      breaker.trip();
      clock.advance(1_000);
      const trial = run(kind, breaker);
      expect([breaker.state, breaker.metrics().trials]).toEqual(['halfOpen', 1]);
      expect(run(kind, breaker).errors).toEqual([expect.objectContaining({ reason: 'halfOpen' })]);
      if (way === 'stop') trial.actor.stop();
      else await trial.end(way);
      expect([way, breaker.state]).toEqual([way, { stop: 'halfOpen', fail: 'open', succeed: 'closed' }[way]]);
      expect(breaker.metrics()).toMatchObject({ trials: 0, inFlight: 0 });
      breaker.reset();
    }
  });

  it('is admitted once more when it is restored', () => {
    const breaker = createBreaker();
    const { logic, operation } = kind.make();
    const first = createActor(guarded(logic, breaker)).start();
    const snapshot = first.getPersistedSnapshot();
    first.stop();
    const restored = createActor(guarded(logic, breaker), { snapshot }).start();
    expect(breaker.metrics()).toMatchObject({ calls: 2, inFlight: 1 });
    restored.stop();
    breaker.trip();
    const begun = operation.begun;
    const rejected = createActor(guarded(logic, breaker), { snapshot });
    rejected.subscribe({ error: () => {} });
    rejected.start();
    expect([rejected.getSnapshot().status, operation.begun]).toEqual(['error', begun]);
  });

  it('takes no admission before it is started', () => {
    const breaker = createBreaker();
    createActor(guarded(kind.make().logic, breaker));
    expect(breaker.metrics().calls).toBe(0);
  });
});

describe.each(kinds.filter(({ canSucceed }) => canSucceed))('$name behind a breaker', (kind) => {
  it('S-03 is a success when it is done, counted before anybody hears of it', async () => {
    const breaker = createBreaker();
    const { actor, end, seen } = run(kind, breaker);
    await end('succeed');
    expect(actor.getSnapshot().status).toBe('done');
    expect(breaker.metrics()).toMatchObject({ calls: 1, successes: 1, failures: 0, inFlight: 0 });
    expect(seen).toEqual(['successes 1']);
  });
});

describe('an actor behind a breaker', () => {
  it('S-33 is neutral when it is stopped, whatever its logic makes of that', () => {
    const breaker = createBreaker();
    const actor = createActor(
      guarded(
        fromTransition((count: number) => count + 1, 0),
        breaker,
      ),
    ).start();
    actor.stop();
    const unruly = fromCallback(() => () => {
      throw down;
    });
    const callback = createActor(guarded(unruly, breaker));
    callback.subscribe({ error: () => {} });
    callback.start().stop();
    expect(breaker.metrics()).toMatchObject({ calls: 2, cancelled: 2, failures: 0, inFlight: 0 });
  });

  it('S-37 is a failure when failureResult says so of its output', async () => {
    const breaker = createBreaker({ failureThreshold: 2, failureResult: (result) => result === 'overloaded' });
    const outputs: unknown[] = [];
    for (const output of ['fine', 'overloaded', 'overloaded']) {
      const actor = createActor(
        guarded(
          fromPromise(async () => output),
          breaker,
        ),
      ).start();
      outputs.push(await toPromise(actor));
    }
    expect(outputs).toEqual(['fine', 'overloaded', 'overloaded']);
    expect(breaker.state).toBe('open');
    expect(breaker.metrics()).toMatchObject({ successes: 1, failures: 2 });
  });

  it('is a failure when an entry action of a state machine throws as it starts', async () => {
    const breaker = createBreaker();
    const machine = setup({
      actions: {
        begin: () => {
          throw down;
        },
      },
    }).createMachine({ entry: 'begin' });
    const errors: unknown[] = [];
    const actor = createActor(guarded(machine, breaker));
    actor.subscribe({ error: (error) => errors.push(error) });
    actor.start();
    await Promise.resolve();
    expect(errors).toEqual([down]);
    expect(breaker.metrics()).toMatchObject({ calls: 1, failures: 1, inFlight: 0 });
  });
});
