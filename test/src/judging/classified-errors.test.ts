import {
  attachBreaker,
  type BreakerOptions,
  createBreaker,
  createBreakerMachine,
  createBreakerRegistry,
  type FailureJudgement,
} from 'agent-circuit-breaker';
import { callFailed } from 'agent-circuit-breaker/machines';
import { describe, expect, it, vi } from 'vitest';
import { createActor } from 'xstate';
import { createDeferred } from '../../support/calls.ts';
import { createTestClock, type TestClock } from '../../support/test-clock.ts';

/** An error that brings its own judgement. */
class Classified extends Error {
  readonly judgement: FailureJudgement;

  constructor(judgement: FailureJudgement) {
    super('classified');
    this.judgement = judgement;
  }
}

const classifyError = (error: unknown) => (error instanceof Classified ? error.judgement : { counts: true });
const settings = { classifyError, failureThreshold: 3, recoveryTimeout: 1_000 } as const;

type MakeBreaker = (options: BreakerOptions, clock: TestClock) => ReturnType<typeof createBreaker>;

/** Every way in which outcomes reach the chart. */
const makers: Readonly<Record<string, MakeBreaker>> = {
  'held back': (options, clock) => createBreaker({ ...options, clock }),
  'sent at once': (options, clock) => createBreaker({ ...options, clock, inspect: () => {} }),
  'judged by the machine': ({ classifyError: classify, ...options }, clock) =>
    attachBreaker(createActor(createBreakerMachine({ ...options, classifyError: classify }), { clock }).start()),
  'of a registry': ({ snapshot: _snapshot, ...options }, clock) =>
    createBreakerRegistry({ ...options, clock }).get('model'),
};

describe.each(Object.entries(makers))('an error that is classified, outcomes %s', (_way, make) => {
  const start = (options: BreakerOptions = settings) => {
    const clock = createTestClock();
    const breaker = make(options, clock);
    const fail = (judgement: FailureJudgement) =>
      breaker.call(() => Promise.reject(new Classified(judgement))).catch(() => {});
    return { breaker, clock, fail };
  };

  it('S-34 S-40 is neutral where it does not count', async () => {
    const { breaker, fail } = start();
    for (let count = 0; count < 5; count++) await fail({ counts: false, opensAtOnce: true, openFor: 5_000 });
    expect(breaker.state).toBe('closed');
    expect(breaker.metrics()).toMatchObject({ failures: 0, ignored: 5, consecutiveFailures: 0 });
  });

  it('opens the circuit at once where it says so, for as long as it says', async () => {
    const { breaker, clock, fail } = start();
    await fail({ counts: true, opensAtOnce: true, openFor: 5_000 });
    expect([breaker.state, breaker.metrics().retryAfterMs]).toEqual(['open', 5_000]);
    clock.advance(4_999);
    expect(breaker.state).toBe('open');
    clock.advance(1);
    expect(breaker.state).toBe('halfOpen');
  });

  it('counts like any other where it does not, and its wait is used if it is the one that opens', async () => {
    const { breaker, fail } = start();
    await fail({ counts: true, openFor: 9_000 });
    await fail({ counts: true });
    expect(breaker.metrics()).toMatchObject({ state: 'closed', consecutiveFailures: 2 });
    await fail({ counts: true, openFor: 7_000 });
    expect(breaker.metrics()).toMatchObject({ state: 'open', retryAfterMs: 7_000, failures: 3 });
  });

  it('leaves the wait to recoveryTimeout where it names none, or nonsense', async () => {
    for (const openFor of [undefined, 0, -1, Number.NaN, 2 ** 31, Number.POSITIVE_INFINITY]) {
      const { breaker, fail } = start();
      await fail({ counts: true, opensAtOnce: true, openFor });
      expect([openFor, breaker.metrics().retryAfterMs]).toEqual([openFor, 1_000]);
    }
  });

  it('S-24 extends the wait of a circuit that is open already, and never shortens it', async () => {
    const { breaker, clock, fail } = start();
    const calls = [createDeferred<void>(), createDeferred<void>()];
    const late = calls.map(({ promise }) => breaker.call(() => promise).catch(() => {}));
    await fail({ counts: true, opensAtOnce: true, openFor: 5_000 });
    clock.advance(1_000);
    calls[0]?.reject(new Classified({ counts: true, openFor: 3_000 }));
    await late[0];
    expect(breaker.metrics().retryAfterMs).toBe(4_000);
    calls[1]?.reject(new Classified({ counts: true, openFor: 8_000 }));
    await late[1];
    expect([breaker.state, breaker.metrics().retryAfterMs]).toEqual(['open', 8_000]);
  });

  it('S-31 tells a trial that fails how long to wait', async () => {
    const { breaker, clock, fail } = start();
    breaker.trip();
    clock.advance(1_000);
    await fail({ counts: true, openFor: 6_000 });
    expect([breaker.state, breaker.metrics().retryAfterMs]).toEqual(['open', 6_000]);
  });

  it('S-41 counts where the classification throws or says nothing', async () => {
    const onCallbackError = vi.fn();
    const say = vi.fn<() => FailureJudgement>(() => {
      throw new Error('no idea');
    });
    const { breaker } = start({ failureThreshold: 2, onCallbackError, classifyError: say });
    const error = new Error('down');
    await expect(breaker.call(() => Promise.reject(error))).rejects.toBe(error);
    expect(onCallbackError).toHaveBeenCalledWith(expect.objectContaining({ message: 'no idea' }), 'classifyError');
    say.mockImplementation(() => Reflect.get({}, 'nothing'));
    await expect(breaker.call(() => Promise.reject(error))).rejects.toBe(error);
    expect(breaker.state).toBe('open');
  });

  it('S-40 is asked about no error that is excluded, or that the predicate lets pass', async () => {
    const asked: unknown[] = [];
    const { breaker } = start({
      failureThreshold: 1,
      excludedErrors: [TypeError],
      failurePredicate: (error) => !(error instanceof RangeError),
      classifyError: (error) => ({ counts: asked.push(error) > 0, opensAtOnce: true }),
    });
    await breaker.call(() => Promise.reject(new TypeError())).catch(() => {});
    await breaker.call(() => Promise.reject(new RangeError())).catch(() => {});
    expect([asked, breaker.state]).toEqual([[], 'closed']);
    const error = new Error('down');
    await breaker.call(() => Promise.reject(error)).catch(() => {});
    expect([new Set(asked), breaker.state]).toEqual([new Set([error]), 'open']);
  });
});

describe('metrics', () => {
  it.each(['held back', 'sent at once', 'of a registry'])('tell the kind of the last failure: %s', async (way) => {
    const breaker = makers[way]?.(settings, createTestClock());
    await breaker?.call(() => Promise.reject(new Classified({ counts: true, kind: 'overloaded' }))).catch(() => {});
    expect(breaker?.metrics().lastFailure).toMatchObject({ name: 'Classified', kind: 'overloaded' });
  });
});

describe('an event that brings an error', () => {
  it('goes before what is made of the error where it says itself how long to wait', () => {
    const clock = createTestClock();
    const actor = createActor(createBreakerMachine(settings), { clock }).start();
    actor.send(callFailed(new Classified({ counts: true, opensAtOnce: true, openFor: 5_000 }), { openFor: 2_000 }));
    expect(actor.getSnapshot()).toMatchObject({ value: 'open', context: { waitMs: 2_000 } });
  });
});
