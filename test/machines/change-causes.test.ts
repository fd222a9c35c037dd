import {
  type BreakerEmitted,
  type BreakerEvent,
  type BreakerInput,
  callFailed,
  circuitBreakerMachine,
  createBreakerMachine,
} from 'agent-circuit-breaker/machines';
import { describe, expect, it } from 'vitest';
import { emptyWindow } from '../../machines/counting/window-counts.ts';
import { type Leaf, type RunningBreaker, ramp, silentFleet, startBreaker, startIn } from './running-breaker.ts';

/** The last change, as one line: from, to, and what has made it. */
function lastChange({ emitted }: RunningBreaker): string {
  const changes = emitted.flatMap((event) => (event.type === 'breaker.stateChanged' ? [event] : []));
  const { from, to, by } = changes.at(-1) ?? {};
  return `${from} ${to}: ${by}`;
}

function opened({ emitted }: RunningBreaker): Extract<BreakerEmitted, { type: 'breaker.opened' }> {
  const [event] = emitted.flatMap((one) => (one.type === 'breaker.opened' ? [one] : [])).slice(-1);
  if (!event) throw new Error('it has not opened');
  return event;
}

const rate: BreakerInput = { failureRateThreshold: 0.5, minimumCalls: 2, windowSize: 4 };
const failed: BreakerEvent = { type: 'call.failed' };
const succeeded: BreakerEvent = { type: 'call.succeeded' };
const slow: BreakerEvent = { type: 'call.succeeded', duration: 11 };

describe('a change of state', () => {
  it.each<[Leaf, BreakerInput, BreakerEvent, string]>([
    ['closed', { failureThreshold: 1 }, failed, 'closed open: failures'],
    ['closed', { failureThreshold: 1, slowCallThreshold: 10 }, slow, 'closed open: slowCalls'],
    ['closed', { failureThreshold: 1, slowCallThreshold: 10 }, { ...failed, duration: 11 }, 'closed open: failures'],
    ['closed', {}, { ...failed, openNow: true }, 'closed open: atOnce'],
    ['closed', {}, { type: 'breaker.trip' }, 'closed open: trip'],
    ['halfOpen.full', {}, failed, 'halfOpen open: trial'],
    ['halfOpen.full', {}, { ...failed, openNow: true }, 'halfOpen open: trial'],
    ['halfOpen.full', { slowCallThreshold: 10 }, slow, 'halfOpen open: trial'],
    ['halfOpen.full', {}, succeeded, 'halfOpen closed: trial'],
    ['halfOpen.ramping', {}, failed, 'halfOpen open: trial'],
    ['closed', {}, { type: 'breaker.isolate' }, 'closed isolated: isolate'],
    ['open', {}, { type: 'breaker.disable' }, 'open disabled: disable'],
    ['isolated', {}, { type: 'breaker.release' }, 'isolated closed: release'],
    ['isolated', {}, { type: 'breaker.reset' }, 'isolated closed: reset'],
    ['disabled', {}, { type: 'breaker.enable' }, 'disabled closed: enable'],
    ['halfOpen.full', {}, { type: 'breaker.trip' }, 'halfOpen open: trip'],
  ])('tells what has made it: in %s, with %j, %j', (leaf, input, event, change) => {
    const breaker = startIn(leaf, input);
    breaker.send(event);
    expect(lastChange(breaker)).toBe(change);
  });

  it.each(['advance', 'jump'] as const)('tells that time has made it, timer fired or not (%s)', (passTime) => {
    const breaker = startIn('open', ramp);
    breaker.clock[passTime](60_000);
    breaker.send({ type: 'recovery.elapsed' });
    expect(lastChange(breaker)).toBe('open halfOpen: time');
    breaker.send(succeeded);
    breaker.clock[passTime](300);
    breaker.send({ type: 'recovery.elapsed' });
    expect(lastChange(breaker)).toBe('halfOpen closed: ramp');
  });

  it.each<[Leaf, BreakerEvent['type'], string]>([
    ['closed', 'fleet.opened', 'closed open: fleet'],
    ['open', 'fleet.closed', 'open closed: fleet'],
    ['halfOpen.free', 'fleet.closed', 'halfOpen closed: fleet'],
    ['halfOpen.free', 'fleet.opened', 'halfOpen open: fleet'],
    ['halfOpen.free', 'fleet.isolated', 'halfOpen isolated: fleet'],
  ])('tells that the fleet has made it: in %s, %s', (leaf, type, change) => {
    const breaker = startIn(leaf, {}, { machine: circuitBreakerMachine.provide(silentFleet) });
    Reflect.apply(breaker.actor.send, breaker.actor, [{ type }]);
    expect(lastChange(breaker)).toBe(change);
  });

  it('tells that an error has opened it at once, where the machine judges it', () => {
    const classifyError = (error: unknown) => ({ counts: true, opensAtOnce: error instanceof RangeError });
    const machine = createBreakerMachine({ classifyError, failureThreshold: 2 });
    for (const [error, change] of [
      [new RangeError('no more'), 'closed open: atOnce'],
      [new TypeError('again'), 'undefined undefined: undefined'],
    ] as const) {
      const breaker = startIn('closed', {}, { machine });
      breaker.send(callFailed(error));
      expect(lastChange(breaker)).toBe(change);
    }
  });
});

describe('an order', () => {
  const order = { by: 'ada', reason: 'deploy' };

  it('is told with the change that was made by hand, and with no other', () => {
    const breaker = startBreaker({ failureThreshold: 1 });
    breaker.send({ type: 'breaker.isolate', order }, { type: 'breaker.reset' }, failed);
    const told = breaker.emitted.map((event) => ('order' in event ? event.order : undefined));
    expect(told).toEqual([order, order, undefined, undefined, undefined, undefined]);
    expect(breaker.emitted.some((event) => 'order' in event && event.order === undefined)).toBe(false);
  });

  it.each<[unknown, unknown]>([
    ['ada', undefined],
    [{ by: 5, reason: {} }, undefined],
    [{ by: '' }, undefined],
    [{ by: 'ada', secret: 'x' }, { by: 'ada' }],
    [{ reason: 'x'.repeat(10_000) }, { reason: 'x'.repeat(500) }],
    [new Proxy({}, { get: () => { throw new Error('no'); } }), undefined], // biome-ignore format: one thing
  ])('S-50 that is nonsense stops nothing: %#', (nonsense, told) => {
    const breaker = startBreaker();
    Reflect.apply(breaker.actor.send, breaker.actor, [{ type: 'breaker.trip', order: nonsense }]);
    expect(opened(breaker).order).toEqual(told);
  });
});

describe('what opened a circuit', () => {
  it('S-78 is told with the opening, the outcome that tripped included, and stays readable until it closes', () => {
    const breaker = startBreaker({ ...rate, slowCallThreshold: 10, recoveryTimeout: 100, minimumCalls: 4 });
    breaker.send(succeeded, slow, succeeded, failed);
    const counts = { calls: 4, failures: 2, slow: 1, failureRate: 0.5, slowRate: 0.25, consecutiveFailures: 1 };
    expect(opened(breaker)).toMatchObject({ counts, threshold: { option: 'failureRateThreshold', value: 0.5 } });
    expect(breaker.context.outage.counts).toEqual(counts);
    breaker.clock.advance(100);
    expect([breaker.leaf, breaker.context.outage.counts]).toEqual(['halfOpen.free', counts]);
    breaker.send({ type: 'trial.started' }, failed);
    expect(opened(breaker)).toMatchObject({ by: 'trial', counts });
    breaker.clock.advance(100);
    breaker.send(succeeded);
    expect([breaker.leaf, breaker.context.outage.counts]).toEqual(['closed', null]);
  });

  it.each(['breaker.isolate', 'breaker.disable', 'breaker.reset'] as const)('S-78 is forgotten at %s', (type) => {
    const breaker = startBreaker({ failureThreshold: 1 });
    breaker.send(failed, { type });
    expect(breaker.context.outage.counts).toBeNull();
  });

  it.each(['breaker.trip', 'fleet.opened'] as const)('S-78 is what the window held, where %s opens it', (type) => {
    const machine = circuitBreakerMachine.provide(silentFleet);
    const breaker = startBreaker({ failureThreshold: 9 }, { machine });
    breaker.send(failed, succeeded, failed);
    Reflect.apply(breaker.actor.send, breaker.actor, [{ type }]);
    const held = { calls: 3, failures: 2, slow: 0, failureRate: 2 / 3, slowRate: 0, consecutiveFailures: 1 };
    expect(opened(breaker)).toMatchObject({ counts: held, threshold: null });
    expect(breaker.context.outage.counts).toEqual(held);
  });

  it('S-78 is only what has not left the window over time by then', () => {
    const breaker = startBreaker({ failureRateThreshold: 0.9, minimumCalls: 9, failureWindow: 100 });
    breaker.send(failed, failed);
    breaker.clock.jump(101);
    breaker.send(succeeded, { type: 'breaker.trip' });
    expect(opened(breaker).counts).toMatchObject({ calls: 1, failures: 0 });
  });

  it('S-78 is nothing where nothing was counted', () => {
    const breaker = startIn('disabled');
    breaker.send({ type: 'breaker.trip' });
    expect(opened(breaker).counts).toEqual(emptyWindow);
  });

  it('S-16 S-78 opens no circuit again: the counts that are kept are not counted on from', () => {
    const breaker = startBreaker({ failureThreshold: 2, recoveryTimeout: 100 });
    breaker.send(failed, failed);
    breaker.clock.advance(100);
    breaker.send(succeeded, failed);
    expect([breaker.leaf, breaker.context.consecutiveFailures]).toEqual(['closed', 1]);
  });
});
