import { CallTimeoutError, CircuitBreaker, type Permit } from 'agent-circuit-breaker';
import { describe, expect, it } from 'vitest';
import { admitCall } from '../../../src/breaker/admit-call.ts';
import { createTestClock } from '../../support/test-clock.ts';

/** A breaker that hands out something else than its own permits. */
class Disguised extends CircuitBreaker {
  override acquire(): Permit {
    const permit = super.acquire();
    return {
      settled: false,
      succeed: () => permit.succeed(),
      fail: () => permit.fail(),
      ignore: () => permit.ignore(),
      cancel: () => permit.cancel(),
      [Symbol.dispose]: () => permit[Symbol.dispose](),
    };
  }
}

describe('a call that is admitted for an integration', () => {
  it('knows the name and the clock of its breaker, and is settled once', () => {
    const clock = createTestClock();
    const breaker = new CircuitBreaker({ name: 'model', clock });
    const call = admitCall(breaker, []);
    clock.advance(5);
    expect([call.name, call.clock.now()]).toEqual(['model', clock.now()]);
    call.timeOut(new Error('late'));
    call.succeed();
    call.abort('stop');
    expect(breaker.metrics()).toMatchObject({ failures: 1, timeouts: 1, successes: 0, cancelled: 0, inFlight: 0 });
  });

  it.each([
    ['by its caller', new Error('stop'), { cancelled: 1, timeouts: 0, failures: 0 }],
    ['by AbortSignal.timeout()', new DOMException('late', 'TimeoutError'), { cancelled: 0, timeouts: 1, failures: 1 }],
    ['by the deadline of a call further out', new CallTimeoutError('a', 5), { cancelled: 0, timeouts: 1, failures: 1 }],
  ])('S-43 S-44 is judged by why its signal was aborted: %s', (_title, reason, wanted) => {
    const breaker = new CircuitBreaker();
    admitCall(breaker, []).abort(reason);
    expect(breaker.metrics()).toMatchObject(wanted);
  });

  it('can be settled by methods that are handed on by themselves', async () => {
    const breaker = new CircuitBreaker();
    const first = breaker.acquire();
    const second = breaker.acquire();
    await Promise.resolve('answer').then(first.succeed, first.fail);
    await Promise.reject(new Error('down')).then(second.succeed, second.fail);
    expect(breaker.metrics()).toMatchObject({ successes: 1, failures: 1, inFlight: 0 });
  });

  it('S-33 wants the own permit of the breaker, and gives the slot of another one back', () => {
    const breaker = new Disguised({ name: 'model' });
    expect(() => admitCall(breaker, [])).toThrow('acquire() of the breaker "model" itself returns');
    expect(breaker.metrics()).toMatchObject({ calls: 1, ignored: 1, inFlight: 0 });
  });
});
