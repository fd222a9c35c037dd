import { attachBreaker, type EnteredEmit, type OpenedEmit, type StateChangedEmit } from 'agent-circuit-breaker';
import { describe, expect, it } from 'vitest';
import { createRoot } from '../attached/homes.ts';
import { createTimedBreaker, recoveryTimeout } from '../half-open/half-open-breaker.ts';

const order = { by: 'ada', reason: 'deploy of the gateway' };

function createWatched() {
  const changes: StateChangedEmit[] = [];
  const isolations: EnteredEmit[] = [];
  const openings: OpenedEmit[] = [];
  const timed = createTimedBreaker({
    onStateChange: (_from, _to, event) => changes.push(event),
    onIsolate: (event) => isolations.push(event),
    onOpen: (event) => openings.push(event),
  });
  return { ...timed, changes, isolations, openings };
}

describe('an order', () => {
  it('is told by whom and why with the change that it makes', () => {
    const { breaker, changes } = createWatched();
    breaker.trip(order);
    breaker.reset({ by: 'bob' });
    breaker.disable({ reason: 'test' });
    breaker.enable(order);
    const hold = breaker.isolate(order);
    hold.release({ by: 'eve' });
    expect(changes.map(({ by, order: told }) => [by, told])).toEqual([
      ['trip', order],
      ['reset', { by: 'bob' }],
      ['disable', { reason: 'test' }],
      ['enable', order],
      ['isolate', order],
      ['release', { by: 'eve' }],
    ]);
  });

  it('is told without anybody’s name where none is given', () => {
    const { breaker, changes } = createWatched();
    breaker.trip();
    expect(changes).toMatchObject([{ by: 'trip' }]);
    expect(changes[0]).not.toHaveProperty('order');
  });

  it('may say how long the circuit is to stay open', () => {
    const { breaker, openings } = createWatched();
    breaker.trip({ openFor: 5_000, by: 'ada' });
    expect(breaker.metrics()).toMatchObject({ state: 'open', retryAfterMs: 5_000, waitMs: 5_000 });
    expect(openings).toMatchObject([{ by: 'trip', order: { by: 'ada' }, threshold: null }]);
    expect(openings[0]?.order).not.toHaveProperty('openFor');
  });

  it.each<[string, (breaker: ReturnType<typeof createWatched>['breaker']) => unknown]>([
    ['by', (breaker) => Reflect.apply(breaker.trip, breaker, [{ by: 5 }])],
    ['by', (breaker) => breaker.reset({ by: '' })],
    ['reason', (breaker) => Reflect.apply(breaker.isolate, breaker, [{ reason: null }])],
    ['openFor', (breaker) => breaker.trip({ openFor: 0 })],
    ['openFor', (breaker) => Reflect.apply(breaker.reset, breaker, [{ openFor: 5 }])],
    ['options', (breaker) => Reflect.apply(breaker.disable, breaker, ['ada'])],
  ])('that is wrong is refused by the name of what is wrong, and changes nothing: %s', (option, give) => {
    const { breaker, changes } = createWatched();
    expect(() => give(breaker)).toThrow(expect.objectContaining({ name: 'BreakerOptionsError', option }));
    expect([breaker.state, changes]).toEqual(['closed', []]);
  });
});

describe('onIsolate', () => {
  it('is told once, of the first hold', () => {
    const { breaker, isolations } = createWatched();
    const holds = [breaker.isolate(order), breaker.isolate()];
    for (const hold of holds) hold.release();
    expect(isolations).toMatchObject([{ type: 'breaker.isolated', by: 'isolate', order }]);
  });
});

describe('a hold', () => {
  it('S-60 is released once, by release() or by disposal', () => {
    const { breaker, changes } = createWatched();
    const [first, second] = [breaker.isolate(), breaker.isolate()];
    first.release();
    first.release();
    first[Symbol.dispose]();
    expect(breaker.state).toBe('isolated');
    second[Symbol.dispose]();
    second.release();
    expect([breaker.state, changes.length]).toEqual(['closed', 2]);
  });

  it('S-60 can still be released when the facade through which it was taken has been stopped', () => {
    const { actor } = createRoot();
    const [leaving, staying] = [attachBreaker(actor), attachBreaker(actor)];
    const hold = leaving.isolate();
    leaving.stop();
    expect([leaving.state, staying.state]).toEqual(['stopped', 'isolated']);
    hold.release(order);
    expect(staying.state).toBe('closed');
    hold.release();
    expect(actor.getSnapshot().context.generation).toBe(2);
  });

  it('S-60 S-62 of a breaker that has been stopped wakes nothing up', () => {
    const { breaker, clock } = createWatched();
    const hold = breaker.isolate();
    breaker.stop();
    hold.release();
    clock.advance(recoveryTimeout);
    expect(breaker.state).toBe('stopped');
  });
});

describe('attachBreaker()', () => {
  it('S-72 refuses an actor that was not started, and says so', async () => {
    const { createActor } = await import('xstate');
    const { circuitBreakerMachine } = await import('agent-circuit-breaker/machines');
    const actor = createActor(circuitBreakerMachine, { id: 'search' });
    expect(() => attachBreaker(actor)).toThrow(TypeError);
    expect(() => attachBreaker(actor)).toThrow(/started.*start\(\) on "search"/);
    actor.start();
    expect(attachBreaker(actor).state).toBe('closed');
    actor.stop();
    expect(attachBreaker(actor).state).toBe('stopped');
  });
});
