import { type BreakerEvent, overdueEvent } from 'agent-circuit-breaker/machines';
import { describe, expect, it } from 'vitest';
import { createTestClock } from '../support/test-clock.ts';
import { startBreaker, startIn, times } from './running-breaker.ts';

const elapsed: BreakerEvent = { type: 'recovery.elapsed' };
const longest = 2_147_483_647;

describe('open', () => {
  it('S-20 rejects until exactly recoveryTimeout has passed, by its timer', () => {
    const breaker = startIn('open', { recoveryTimeout: 1000 });
    breaker.clock.advance(999);
    expect([breaker.leaf, breaker.isAdmitting]).toEqual(['open', false]);
    breaker.clock.advance(1);
    expect([breaker.leaf, breaker.isAdmitting]).toEqual(['halfOpen.free', true]);
    expect(breaker.emitted.map(({ type }) => type)).toEqual(['breaker.stateChanged', 'breaker.halfOpened']);
  });

  it.each([true, false])('S-21 needs no timer: asked with time moved on, it is half-open (dated: %s)', (isDated) => {
    const breaker = startIn('open', { recoveryTimeout: 1000 });
    const ask = () => breaker.send({ ...elapsed, at: isDated ? breaker.clock.now() : undefined });
    breaker.clock.jump(999);
    ask();
    expect(breaker.leaf).toBe('open');
    breaker.clock.jump(1);
    ask();
    expect(breaker.leaf).toBe('halfOpen.free');
  });

  it('S-20 is asked a hundred times too early and neither opens up early nor waits longer', () => {
    const breaker = startIn('open', { recoveryTimeout: 1000 });
    for (let n = 0; n < 99; n++) {
      breaker.clock.advance(10);
      breaker.send(elapsed);
    }
    expect([breaker.leaf, breaker.clock.pendingTimers]).toEqual(['open', 1]);
    breaker.clock.advance(9);
    expect(breaker.leaf).toBe('open');
    breaker.clock.advance(1);
    expect(breaker.leaf).toBe('halfOpen.free');
  });

  it('S-20 counts the wait from the date of the failure that opened it', () => {
    const breaker = startBreaker({ failureThreshold: 1, recoveryTimeout: 1000 });
    breaker.send({ type: 'call.failed', at: breaker.clock.now() - 400 });
    breaker.clock.advance(599);
    expect(breaker.leaf).toBe('open');
    breaker.clock.advance(1);
    expect(breaker.leaf).toBe('halfOpen.free');
  });

  it('S-20 is not opened up early by a question that was asked before it opened and arrives late', () => {
    const breaker = startBreaker({ recoveryTimeout: 1000 });
    const asked = breaker.clock.now();
    breaker.clock.advance(600);
    breaker.send({ type: 'breaker.trip' }, { type: 'recovery.elapsed', at: asked });
    breaker.clock.advance(999);
    expect(breaker.leaf).toBe('open');
    breaker.clock.advance(1);
    expect(breaker.leaf).toBe('halfOpen.free');
  });

  it('S-24 S-35 ignores every outcome, and keeps its wait', () => {
    const breaker = startIn('open', { recoveryTimeout: 1000 });
    const { recoverAt } = breaker.context;
    breaker.clock.advance(500);
    for (const generation of [undefined, 0, 1, 2]) {
      breaker.send({ type: 'call.succeeded', generation, count: 100 }, { type: 'call.failed', generation, count: 100 });
      breaker.send({ type: 'call.ignored', generation }, { type: 'call.cancelled', generation });
    }
    expect(breaker.leaf).toBe('open');
    expect(breaker.context.recoverAt).toBe(recoverAt);
    expect(breaker.emitted).toEqual([]);
  });

  it('S-24 keeps its wait when it is tripped again', () => {
    const breaker = startIn('open', { recoveryTimeout: 1000 });
    breaker.clock.advance(999);
    breaker.send(...times<BreakerEvent>(3, { type: 'breaker.trip' }));
    breaker.clock.advance(1);
    expect(breaker.leaf).toBe('halfOpen.free');
  });

  it('S-25 leaves no timer behind when it is left or stopped', () => {
    for (const type of ['breaker.reset', 'breaker.isolate', 'breaker.disable'] as const) {
      const breaker = startIn('open');
      expect(breaker.clock.pendingTimers).toBe(1);
      breaker.send({ type });
      expect(breaker.clock.pendingTimers).toBe(0);
    }
    const stopped = startIn('open');
    stopped.actor.stop();
    expect(stopped.clock.pendingTimers).toBe(0);
  });
});

describe('open, with awkward clocks', () => {
  it('S-26 waits the longest duration that there is, and not a millisecond', () => {
    const breaker = startIn('open', { recoveryTimeout: longest });
    breaker.clock.advance(longest - 1);
    expect(breaker.leaf).toBe('open');
    breaker.clock.advance(1);
    expect(breaker.leaf).toBe('halfOpen.free');
  });

  it('S-26 is opened by a failure from a clock that is a little ahead, without a timer too long to set', () => {
    const breaker = startBreaker({ failureThreshold: 1, recoveryTimeout: longest });
    breaker.send({ type: 'call.failed', at: breaker.clock.now() + 1 });
    breaker.clock.advance(longest - 1);
    expect(breaker.leaf).toBe('open');
  });

  it('S-26 takes a date that is not a number for no date', () => {
    const breaker = startBreaker({ failureThreshold: 1, recoveryTimeout: 1000 });
    breaker.send({ type: 'call.failed', at: Number.NaN });
    expect(breaker.leaf).toBe('open');
    breaker.clock.advance(999);
    expect(breaker.leaf).toBe('open');
    breaker.clock.jump(1000);
    breaker.send(elapsed);
    expect(breaker.leaf).toBe('halfOpen.free');
  });

  it('S-27 waits at most one full wait from the first look after its clock went back', () => {
    for (const step of [-1, -500, -3_600_000]) {
      const breaker = startIn('open', { recoveryTimeout: 1000 });
      breaker.clock.jump(step);
      const look = () => {
        const owed = overdueEvent(breaker.context, breaker.clock.now());
        if (owed) breaker.send(owed);
      };
      look();
      breaker.clock.jump(999);
      look();
      expect(breaker.leaf).toBe('open');
      breaker.clock.jump(2);
      look();
      expect(breaker.leaf).toBe('halfOpen.free');
    }
  });

  it('S-27 is at once due after its clock jumped ahead', () => {
    const breaker = startIn('open', { recoveryTimeout: 1000 }, { clock: createTestClock(0) });
    breaker.clock.jump(3_600_000);
    breaker.send(elapsed);
    expect(breaker.leaf).toBe('halfOpen.free');
  });
});
