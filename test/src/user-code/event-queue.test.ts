import { type BreakerOptions, type CircuitBreaker, createBreaker } from 'agent-circuit-breaker';
import { describe, expect, it, vi } from 'vitest';
import { flushMicrotasks } from '../../support/calls.ts';
import { createTestClock } from '../../support/test-clock.ts';
import { createTimedBreaker } from '../half-open/half-open-breaker.ts';

const down = new Error('down');
const fail = (breaker: CircuitBreaker) => breaker.tryAcquire()?.fail(down);

/** A breaker that opens at its first failure, and the names of everything that it tells. */
function createLogged(
  more: (breaker: CircuitBreaker, event: string) => void = () => {},
  options: Partial<BreakerOptions> = {},
) {
  const log: string[] = [];
  const clock = createTestClock();
  const breaker = createBreaker({ clock, failureThreshold: 1, recoveryTimeout: 1_000, ...options });
  const events = [
    'success',
    'failure',
    'reject',
    'settle',
    'stateChange',
    'open',
    'close',
    'halfOpen',
    'isolate',
  ] as const;
  for (const event of events)
    breaker.on(event, () => {
      log.push(event);
      more(breaker, event);
    });
  return { breaker, log, clock };
}

describe('what is told of one call', () => {
  it('S-54 comes in order: its end, the change, what was entered, and that it has settled', () => {
    const { breaker, log } = createLogged();
    fail(breaker);
    expect(log).toEqual(['failure', 'stateChange', 'open', 'settle']);
  });

  it.each(['watched', 'unwatched'])('S-54 comes in the same order for a good trial (%s)', (kind) => {
    const clock = createTestClock();
    const log: string[] = [];
    const breaker = createBreaker({
      ...{ clock, recoveryTimeout: 1_000 },
      ...(kind === 'watched' && { inspect: () => {} }),
      ...{ onSuccess: () => log.push('success'), onClose: () => log.push('close'), onSettle: () => log.push('settle') },
      onStateChange: (_from, to) => log.push(to),
    });
    breaker.trip();
    clock.jump(1_000);
    breaker.tryAcquire()?.succeed();
    expect(log).toEqual(['open', 'halfOpen', 'success', 'closed', 'close', 'settle']);
  });
});

describe('what is told of one call where somebody reads the state in the middle of it', () => {
  it.each<[string, (look: () => void) => Partial<BreakerOptions>, (breaker: CircuitBreaker, look: () => void) => void]>(
    [
      ['an inspector', (look) => ({ inspect: look }), () => {}],
      ['a subscriber of the actor', () => ({}), (breaker, look) => breaker.actor.subscribe(look)],
      ['a listener of the actor', () => ({}), (breaker, look) => breaker.actor.on('*', look)],
    ],
  )('S-51 S-54 comes in the same order, of what is committed: %s', (_who, optionsFor, attend) => {
    let started: CircuitBreaker | undefined;
    const look = () => void started?.metrics();
    const { breaker, log, clock } = createLogged((own) => log.push(own.state), optionsFor(look));
    started = breaker;
    attend(breaker, look);
    fail(breaker);
    expect(log).toEqual(['failure', 'stateChange', 'open', 'settle'].flatMap((event) => [event, 'open']));
    clock.jump(1_000);
    expect(breaker.state).toBe('halfOpen');
    log.length = 0;
    breaker.tryAcquire()?.succeed();
    expect(log).toEqual(['success', 'stateChange', 'close', 'settle'].flatMap((event) => [event, 'closed']));
  });
});

describe('an event that a listener causes', () => {
  it('S-54 is told after it, in the order in which things happened', () => {
    let isFirst = true;
    const { breaker, log } = createLogged((own, event) => {
      if (event !== 'failure' || !isFirst) return;
      isFirst = false;
      own.reset();
      fail(own);
      log.push('end of the listener');
    });
    fail(breaker);
    const change = ['stateChange', 'close', 'failure', 'stateChange', 'open', 'settle'];
    expect(log).toEqual(['failure', 'end of the listener', 'stateChange', 'open', 'settle', ...change]);
  });

  it('S-54 is not told to a listener that another one has taken off meanwhile', () => {
    const told: string[] = [];
    const { breaker } = createTimedBreaker({ onOpen: () => takeOff() });
    const takeOff = breaker.on('open', () => told.push('open'));
    breaker.trip();
    expect(told).toEqual([]);
  });

  it('S-54 is not lost: of 51 rejections that onReject causes, 51 are told', () => {
    let told = 0;
    const { breaker } = createTimedBreaker({
      onReject: () => {
        told++;
        if (told < 51) breaker.tryAcquire();
      },
    });
    breaker.trip();
    breaker.tryAcquire();
    expect(told).toBe(51);
    expect(breaker.metrics().rejected).toBe(51);
  });

  it('S-54 is counted and told: a failure caused inside onFailure', () => {
    const errors: unknown[] = [];
    const second = new Error('second');
    const { breaker } = createTimedBreaker({
      failureThreshold: 9,
      onFailure: (error) => {
        errors.push(error);
        if (error === down) breaker.tryAcquire()?.fail(second);
      },
    });
    fail(breaker);
    expect(errors).toEqual([down, second]);
    expect(breaker.metrics()).toMatchObject({ failures: 2, consecutiveFailures: 2 });
  });

  it('S-54 never recurses, however long the chain is, and no event of it is lost', async () => {
    let told = 0;
    let depth = 0;
    let deepest = 0;
    const { breaker } = createTimedBreaker({
      onSuccess: () => {
        depth++;
        deepest = Math.max(deepest, depth);
        if (++told < 5_000) breaker.callSync(() => 'again');
        depth--;
      },
    });
    breaker.callSync(() => 'well');
    expect(told).toBe(100);
    await vi.waitFor(() => expect(told).toBe(5_000));
    expect(deepest).toBe(1);
  });

  it('S-54 waits for no clock of the breaker, and the platform’s turn needs none', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'setImmediate', 'performance', 'Date'] });
    let told = 0;
    const { breaker, clock } = createTimedBreaker({
      onSuccess: () => {
        if (++told < 250) breaker.callSync(() => 'again');
      },
    });
    breaker.callSync(() => 'well');
    expect(clock.pendingTimers).toBe(0);
    vi.useRealTimers();
    await vi.waitFor(() => expect(told).toBe(250));
  });

  it('S-54 S-62 is dropped by stop()', async () => {
    const log: string[] = [];
    const { breaker } = createTimedBreaker({
      onStateChange: (_from, to) => {
        log.push(to);
        breaker.stop();
      },
      onOpen: () => log.push('onOpen'),
    });
    breaker.trip();
    await flushMicrotasks();
    expect(log).toEqual(['open']);
  });

  it('S-54 S-62 is dropped by stop() while the event loop has its turn', async () => {
    let told = 0;
    const { breaker } = createTimedBreaker({
      onSuccess: () => {
        told++;
        breaker.callSync(() => 'again');
      },
    });
    breaker.callSync(() => 'well');
    breaker.stop();
    await new Promise((resolve) => setTimeout(resolve, 20));
    expect(told).toBe(100);
  });
});
