import { type BreakerEvent, callFailed, createBreakerMachine } from 'agent-circuit-breaker/machines';
import { describe, expect, it } from 'vitest';
import { type Leaf, leaves, type RunningBreaker, ramp, startIn } from './running-breaker.ts';

/** A failure after which it is of no use to go on for a while. */
const exhausted = { type: 'call.failed', openNow: true, openFor: 7_000 } as const;
const input = { failureThreshold: 5, recoveryTimeout: 1_000, trialTimeout: 500 };

type Outcome = 'opens' | 'opens again' | 'waits longer' | 'stays as it is';

/** In every leaf: for a call of the present generation, and for one of an earlier generation. */
const outcomes: readonly (readonly [Leaf, Outcome, Outcome])[] = [
  ['closed', 'opens', 'stays as it is'],
  ['open', 'waits longer', 'waits longer'],
  ['halfOpen.free', 'opens again', 'stays as it is'],
  ['halfOpen.waiting', 'opens again', 'stays as it is'],
  ['halfOpen.full', 'opens again', 'stays as it is'],
  ['halfOpen.ramping', 'opens again', 'stays as it is'],
  ['isolated', 'stays as it is', 'stays as it is'],
  ['disabled', 'stays as it is', 'stays as it is'],
];

function expectOutcome(breaker: RunningBreaker, event: BreakerEvent, outcome: Outcome): void {
  const before = breaker.context;
  const leaf = breaker.leaf;
  breaker.clock.jump(10);
  breaker.send(event);
  const longWait = { waitMs: 7_000, recoverAt: breaker.clock.now() + 7_000 };
  if (outcome === 'stays as it is') expect([breaker.leaf, breaker.context]).toEqual([leaf, before]);
  if (outcome === 'waits longer') expect([breaker.leaf, breaker.context]).toEqual([leaf, { ...before, ...longWait }]);
  if (outcome === 'opens' || outcome === 'opens again') {
    expect(breaker.leaf).toBe('open');
    const reopenings = outcome === 'opens' ? 0 : 1;
    expect(breaker.context).toMatchObject({ ...longWait, generation: before.generation + 1, reopenings });
    expect(breaker.emitted.map(({ type }) => type)).toEqual(['breaker.stateChanged', 'breaker.opened']);
    expect(breaker.emitted.at(-1)).toMatchObject({ recoverAt: longWait.recoverAt });
  } else expect(breaker.emitted).toEqual([]);
}

describe('a failure that asks to open at once and for how long', () => {
  it('is tried in every leaf', () => {
    expect(outcomes.map(([leaf]) => leaf)).toEqual(leaves);
  });

  it.each(outcomes)('finds %s: it %s', (leaf, outcome) => {
    expectOutcome(startIn(leaf, input), exhausted, outcome);
  });

  it.each(outcomes.map(([leaf, , outcome]) => ({ leaf, outcome })))(
    'S-35 finds $leaf when its call is of an earlier generation: it $outcome',
    ({ leaf, outcome }) => {
      const breaker = startIn(leaf, input);
      expectOutcome(breaker, { ...exhausted, generation: breaker.context.generation - 1 }, outcome);
    },
  );

  it.each(leaves)('S-34 does nothing in %s if its error does not count, but gives a slot back', (leaf) => {
    const machine = createBreakerMachine({ ...input, ...ramp, excludedErrors: [RangeError] });
    const breaker = startIn(leaf, {}, { machine });
    const before = breaker.context;
    breaker.send(callFailed(new RangeError('excluded'), { openNow: true, openFor: 7_000 }));
    expect(breaker.leaf).toBe(leaf === 'halfOpen.full' ? 'halfOpen.free' : leaf);
    expect(breaker.context).toEqual({ ...before, trials: [] });
    expect(breaker.emitted).toEqual([]);
  });

  it('S-32 opens again also once the lease of its trial has run out', () => {
    const breaker = startIn('halfOpen.full', input);
    breaker.clock.jump(500);
    breaker.send({ ...exhausted, trial: 1 });
    expect(breaker.leaf).toBe('open');
  });

  it('S-38 opens again at once, however many trials may fail', () => {
    const breaker = startIn('halfOpen.full', { ...input, trialFailureThreshold: 9 });
    breaker.send(exhausted);
    expect([breaker.leaf, breaker.emitted.at(-1)]).toMatchObject(['open', { by: 'trial' }]);
  });
});

describe('a wait that a failure has asked for', () => {
  it('S-28 leaves the next one to the backoff', () => {
    const breaker = startIn('closed', { ...input, recoveryBackoff: { factor: 3 } });
    breaker.send(exhausted);
    breaker.clock.advance(7_000);
    breaker.send({ type: 'trial.started' }, { type: 'call.failed' });
    expect(breaker.context).toMatchObject({ reopenings: 1, waitMs: 3_000 });
  });

  it('may be longer than maxRecoveryTimeout, or shorter than recoveryTimeout', () => {
    for (const openFor of [1, 2.5, 2_147_483_647]) {
      const breaker = startIn('closed', { ...input, recoveryBackoff: { maxRecoveryTimeout: 2_000, jitter: 1 } });
      breaker.send({ ...exhausted, openFor });
      breaker.clock.advance(openFor - 0.5);
      expect(breaker.leaf).toBe('open');
      breaker.clock.advance(0.5);
      expect(breaker.leaf).toBe('halfOpen.free');
    }
  });

  it('is that of the failure which opens, where several are on their way; others can only extend it', () => {
    const breaker = startIn('closed', { ...input, failureThreshold: 2 });
    breaker.send({ type: 'call.failed', openFor: 50_000 }, { type: 'call.failed', openFor: 300 });
    expect(breaker.context.waitMs).toBe(300);
    for (const [openFor, waitMs] of [
      [200, 300],
      [300, 300],
      [400, 400],
      [399, 400],
    ] as const) {
      breaker.send({ type: 'call.failed', generation: 0, openFor });
      expect(breaker.context.waitMs).toBe(waitMs);
    }
  });

  it('counts from the date of the failure, not from its arrival', () => {
    const breaker = startIn('open', input);
    const { since } = breaker.context;
    breaker.clock.advance(900);
    breaker.send({ type: 'call.failed', at: since + 100, openFor: 900 });
    expect(breaker.context.recoverAt).toBe(since + 1_000);
    breaker.send({ type: 'call.failed', at: since + 100, openFor: 1_400 });
    expect(breaker.context.recoverAt).toBe(since + 1_500);
    breaker.clock.advance(599);
    expect(breaker.leaf).toBe('open');
    breaker.clock.advance(1);
    expect(breaker.leaf).toBe('halfOpen.free');
  });

  it('S-21 extended, ends without a timer too, not at its first end but at its second', () => {
    const breaker = startIn('open', input);
    breaker.send({ type: 'call.failed', openFor: 1_500 });
    breaker.clock.jump(1_499);
    breaker.send({ type: 'recovery.elapsed' });
    expect(breaker.leaf).toBe('open');
    breaker.clock.jump(1);
    breaker.send({ type: 'recovery.elapsed' });
    expect(breaker.leaf).toBe('halfOpen.free');
  });

  it.each([true, 1, 'yes', {}])('S-26 asked for with openNow: %s, opens at once only if that is true', (openNow) => {
    const breaker = startIn('closed', input);
    Reflect.apply(breaker.actor.send, breaker.actor, [{ type: 'call.failed', openNow }]);
    expect(breaker.leaf).toBe(openNow === true ? 'open' : 'closed');
  });
});
