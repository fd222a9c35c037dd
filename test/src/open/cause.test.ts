import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { type CircuitBreaker, createBreaker, PermitNotSettledError } from 'agent-circuit-breaker';
import { describe, expect, it } from 'vitest';
import { flushMicrotasks, reasonOf } from '../../support/calls.ts';
import { createTestClock, type TestClock } from '../../support/test-clock.ts';
import { facades } from '../calling/facades.ts';
import { failTimes, recoveryTimeout } from '../calling/rejecting-states.ts';

/** The rejection that the next call gets. */
async function rejectionOf(breaker: CircuitBreaker): Promise<object> {
  return Object(await reasonOf(breaker.call(() => 'answer')));
}

async function causeOf(breaker: CircuitBreaker): Promise<unknown> {
  const rejection = await rejectionOf(breaker);
  return 'cause' in rejection ? rejection.cause : 'no cause';
}

const endings: readonly [string, (breaker: CircuitBreaker, clock: TestClock) => unknown][] = [
  [
    'a recovery',
    async (breaker, clock) => {
      clock.jump(recoveryTimeout);
      await breaker.call(() => 'answer');
    },
  ],
  ['reset()', (breaker) => breaker.reset()],
  [
    'disable() and enable()',
    (breaker) => {
      breaker.disable();
      breaker.enable();
    },
  ],
  ['isolate() and its end', (breaker) => breaker.isolate()[Symbol.dispose]()],
];

describe.each(facades)('$name', ({ create }) => {
  it.each<[string, unknown]>([
    ['an Error', new Error('down')],
    ['a string', 'down'],
    ['null', null],
    ['a frozen object', Object.freeze({ code: 'down' })],
    ['false', false],
  ])('S-23 has the very failure that opened the circuit as its cause: %s', async (_name, error) => {
    const breaker = create({ clock: createTestClock(), failureThreshold: 2 });
    await failTimes(breaker, 1, new Error('an earlier one'));
    await failTimes(breaker, 1, error);
    expect(await causeOf(breaker)).toBe(error);
    expect(await causeOf(breaker)).toBe(error);
  });

  it('S-23 keeps the cause out of what is enumerable, and so out of JSON', async () => {
    const breaker = create({ clock: createTestClock(), failureThreshold: 1 });
    await failTimes(breaker, 1, { headers: { authorization: 'secret' } });
    const rejection = await rejectionOf(breaker);
    expect(Object.keys(rejection)).not.toContain('cause');
    expect(JSON.stringify(rejection)).not.toContain('secret');
  });

  it('S-23 has no cause where the circuit was opened by hand', async () => {
    const breaker = create({ clock: createTestClock() });
    await failTimes(breaker, 2);
    breaker.trip();
    expect(await causeOf(breaker)).toBe('no cause');
  });

  it('S-23 has the failure that opened the circuit as its cause while trials run, and a failed trial after that', async () => {
    const clock = createTestClock();
    const breaker = create({ clock, failureThreshold: 1, recoveryTimeout });
    const [first, second] = [new Error('first'), new Error('second')];
    await failTimes(breaker, 1, first);
    clock.jump(recoveryTimeout);
    const trial = breaker.acquire();
    expect(await causeOf(breaker)).toBe(first);
    trial.fail(second);
    expect(await causeOf(breaker)).toBe(second);
  });

  it('S-23 has a PermitNotSettledError as its cause where a forgotten permit opened the circuit', async () => {
    const breaker = create({ clock: createTestClock(), failureThreshold: 1 });
    breaker.acquire()[Symbol.dispose]();
    expect(await causeOf(breaker)).toBeInstanceOf(PermitNotSettledError);
  });

  it.each(endings)('S-23 forgets the cause with %s', async (_name, end) => {
    const clock = createTestClock();
    const breaker = create({ clock, failureThreshold: 1, recoveryTimeout });
    await failTimes(breaker, 1);
    await end(breaker, clock);
    expect(breaker.state).toBe('closed');
    breaker.trip();
    expect(await causeOf(breaker)).toBe('no cause');
  });

  it('S-23 blames no earlier failure for an isolation', async () => {
    const breaker = create({ clock: createTestClock(), failureThreshold: 1 });
    await failTimes(breaker, 1);
    breaker.isolate();
    expect(await causeOf(breaker)).toBe('no cause');
  });
});

describe('the memory of a breaker', () => {
  /** Collects garbage, so that a weak reference tells whether anybody still holds its target. */
  const collectGarbage = async () => {
    setFlagsFromString('--expose-gc');
    const collect: unknown = runInNewContext('gc');
    await flushMicrotasks();
    if (typeof collect === 'function') collect();
  };

  it('S-23 does not grow with the rejections: none of them is kept', async () => {
    const breaker = createBreaker({ clock: createTestClock() });
    breaker.trip();
    const rejections: WeakRef<object>[] = [];
    for (let count = 0; count < 100; count++) rejections.push(new WeakRef(await rejectionOf(breaker)));
    await collectGarbage();
    expect(rejections.filter((rejection) => rejection.deref() !== undefined).length).toBeLessThan(3);
    expect(breaker.metrics().rejected).toBe(100);
  });

  it.each(endings)('S-23 does not hold on to the cause after %s', async (_name, end) => {
    const clock = createTestClock();
    const breaker = createBreaker({ clock, failureThreshold: 1, recoveryTimeout });
    const fail = async () => {
      const error = new Error('down');
      await failTimes(breaker, 1, error);
      return new WeakRef(error);
    };
    const cause = await fail();
    await collectGarbage();
    expect(cause.deref()).toBeDefined();
    await flushMicrotasks();
    await end(breaker, clock);
    await collectGarbage();
    expect(cause.deref()).toBeUndefined();
    expect(breaker.state).toBe('closed');
  });
});
