import { attachBreaker } from 'agent-circuit-breaker';
import { describe, expect, it } from 'vitest';
import { reasonOf } from '../../support/calls.ts';
import { createTimedBreaker, recoveryTimeout, type TimedBreaker } from '../half-open/half-open-breaker.ts';
import { everyCallback, listenToAll } from './all-callbacks.ts';

const down = () => Promise.reject(new Error('down'));

interface LoggedBreaker extends TimedBreaker {
  readonly log: unknown[];
}

/** A breaker with a threshold of one whose callbacks write down what they hear, and what they see when they do. */
function createLoggedBreaker(): LoggedBreaker {
  const log: unknown[] = [];
  const timed: TimedBreaker = createTimedBreaker({
    failureThreshold: 1,
    ...everyCallback((name, args) => {
      const entry: unknown[] = [name, ...args.filter((arg) => typeof arg === 'string')];
      log.push(entry);
      entry.push(timed.breaker.state);
    }),
  });
  return { ...timed, log };
}

describe('callbacks', () => {
  it('S-51 run once per transition, onStateChange and the matching one, after the state is committed', async () => {
    const { breaker, clock, log } = createLoggedBreaker();
    await reasonOf(breaker.call(down));
    clock.jump(recoveryTimeout);
    await breaker.call(() => 'well');
    breaker.isolate()[Symbol.dispose]();
    breaker.disable();
    breaker.enable();

    expect(log).toEqual([
      ['onFailure', 'open'],
      ['onStateChange', 'closed', 'open', 'open'],
      ['onOpen', 'open'],
      ['onStateChange', 'open', 'halfOpen', 'halfOpen'],
      ['onHalfOpen', 'halfOpen'],
      ['onSuccess', 'closed'],
      ['onStateChange', 'halfOpen', 'closed', 'closed'],
      ['onClose', 'closed'],
      ['onStateChange', 'closed', 'isolated', 'isolated'],
      ['onStateChange', 'isolated', 'closed', 'closed'],
      ['onClose', 'closed'],
      ['onStateChange', 'closed', 'disabled', 'disabled'],
      ['onStateChange', 'disabled', 'closed', 'closed'],
      ['onClose', 'closed'],
    ]);
  });

  it('S-51 run for no self-transition', () => {
    const { breaker, clock, log } = createLoggedBreaker();
    const silent = (act: () => void) => {
      log.length = 0;
      act();
      expect(log).toEqual([]);
    };
    silent(() => breaker.reset());
    silent(() => breaker.enable());
    breaker.trip();
    silent(() => breaker.trip());
    silent(() => breaker.actor.send({ type: 'recovery.elapsed' }));
    silent(() => clock.jump(-5000));
    silent(() => breaker.metrics());
    breaker.isolate();
    silent(() => breaker.trip());
    silent(() => breaker.isolate()[Symbol.dispose]());
    breaker.disable();
    silent(() => breaker.disable());
    silent(() => breaker.actor.send({ type: 'breaker.release' }));
  });

  it('S-51 run once where many calls ask for the same transition', async () => {
    const { breaker, clock, log } = createLoggedBreaker();
    await Promise.allSettled(Array.from({ length: 200 }, () => breaker.call(down)));
    clock.jump(recoveryTimeout);
    for (let read = 0; read < 100; read++) void breaker.state;
    const changes = log.filter((entry) => Array.isArray(entry) && entry[0] === 'onStateChange');
    expect(changes).toEqual([
      ['onStateChange', 'closed', 'open', 'open'],
      ['onStateChange', 'open', 'halfOpen', 'halfOpen'],
    ]);
  });

  it('S-51 run before the call that caused them settles for its caller', async () => {
    const { breaker, log } = createLoggedBreaker();
    await breaker.call(down).catch(() => log.push('rejected'));
    await breaker.run(() => 'never').catch(() => log.push('rejected'));
    expect(log.filter((entry) => entry === 'rejected' || String(entry).startsWith('onOpen'))).toEqual([
      ['onOpen', 'open'],
      'rejected',
      'rejected',
    ]);
    expect(log.at(-2)).toEqual(['onReject', 'open']);
  });

  it('S-51 run within a microtask of a timer', async () => {
    const { breaker, clock, log } = createLoggedBreaker();
    breaker.trip();
    log.length = 0;
    clock.advance(recoveryTimeout);
    await Promise.resolve();
    expect(log).toEqual([
      ['onStateChange', 'open', 'halfOpen', 'halfOpen'],
      ['onHalfOpen', 'halfOpen'],
    ]);
  });

  it('S-51 run within a microtask of an event that somebody else sent to the actor', async () => {
    const { breaker, log } = createLoggedBreaker();
    breaker.actor.send({ type: 'breaker.trip' });
    await Promise.resolve();
    expect(log).toEqual([
      ['onStateChange', 'closed', 'open', 'open'],
      ['onOpen', 'open'],
    ]);
  });

  it('S-51 are told when, in which breaker and with which generation', () => {
    const events: unknown[] = [];
    const { breaker, clock } = createTimedBreaker({
      name: 'model',
      onStateChange: (...args) => events.push(args),
      onOpen: (...args) => events.push(args),
    });
    clock.jump(5);
    breaker.trip();
    const stamp = { name: 'model', at: clock.now(), generation: 1, by: 'trip' };
    expect(events).toEqual([
      ['closed', 'open', { type: 'breaker.stateChanged', ...stamp, from: 'closed', to: 'open' }],
      [
        {
          ...{ type: 'breaker.opened', ...stamp, recoverAt: clock.now() + recoveryTimeout, threshold: null },
          counts: { calls: 0, failures: 0, slow: 0, failureRate: 0, slowRate: 0, consecutiveFailures: 0 },
        },
      ],
    ]);
  });

  it('S-51 hear changes in the order of their causes, also those that a callback brings about', () => {
    const log: unknown[] = [];
    const { breaker }: TimedBreaker = createTimedBreaker({
      onStateChange: (from, to) => {
        log.push(`${from}>${to}`);
        if (to === 'open') breaker.reset();
      },
      onOpen: () => log.push('opened'),
      onClose: () => {
        log.push('closed');
        if (log.length < 6) breaker.trip();
      },
    });
    breaker.on('stateChange', (from, to) => log.push(`second ${from}>${to}`));
    breaker.trip();
    expect(log).toEqual([
      ...['closed>open', 'second closed>open', 'opened', 'open>closed', 'second open>closed', 'closed'],
    ]);
  });

  it('S-51 are all told of every change: several listeners, several facades, each in the same order', async () => {
    const { breaker, clock } = createTimedBreaker({ failureThreshold: 1 });
    const logs: string[][] = [[], [], []];
    const attached = attachBreaker(breaker.actor, { clock });
    listenToAll(breaker, (name) => logs[0]?.push(name));
    listenToAll(breaker, (name) => logs[1]?.push(name));
    listenToAll(attached, (name) => logs[2]?.push(name));
    breaker.trip();
    clock.jump(recoveryTimeout);
    void attached.state;
    await Promise.resolve();
    breaker.reset();
    await Promise.resolve();
    const expected = ['onStateChange', 'onOpen', 'onStateChange', 'onHalfOpen', 'onStateChange', 'onClose'];
    expect(logs).toEqual([expected, expected, expected]);
  });

  it('S-51 of success and failure run once per call, those of late calls included', async () => {
    const { breaker, log } = createLoggedBreaker();
    const permits = [breaker.acquire(), breaker.acquire(), breaker.acquire()];
    breaker.trip();
    log.length = 0;
    permits[0]?.succeed();
    permits[1]?.fail(new Error('late'));
    permits[2]?.cancel();
    for (const permit of permits) permit.succeed();
    expect(log).toEqual([
      ['onSuccess', 'open'],
      ['onFailure', 'open'],
    ]);
  });
});
