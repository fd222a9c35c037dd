import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { runs } from '../../support/runs.ts';
import { createTimedBreaker } from '../half-open/half-open-breaker.ts';
import { createBreakerIn, states } from './every-state.ts';

const dispose = (handle: Disposable | undefined) => handle?.[Symbol.dispose]();

describe('the handles of isolations', () => {
  it('S-60 hold until every one is disposed, in any order', () => {
    for (const order of [
      [0, 1, 2],
      [2, 1, 0],
      [1, 2, 0],
    ]) {
      const { breaker } = createTimedBreaker();
      const handles = [breaker.isolate(), breaker.isolate(), breaker.isolate()];
      for (const [index, which] of order.entries()) {
        expect(breaker.state).toBe('isolated');
        dispose(handles[which]);
        expect(breaker.state).toBe(index === 2 ? 'closed' : 'isolated');
      }
    }
  });

  it('S-60 each work once: one disposed many times lets go of one hold', () => {
    const { breaker } = createTimedBreaker();
    const [first, second] = [breaker.isolate(), breaker.isolate()];
    for (let round = 0; round < 5; round++) dispose(first);
    expect(breaker.state).toBe('isolated');
    dispose(second);
    dispose(second);
    expect(breaker.state).toBe('closed');
  });

  it.each(['reset', 'disable'] as const)('S-60 are void after %s()', (command) => {
    const { breaker } = createTimedBreaker();
    const old = [breaker.isolate(), breaker.isolate()];
    breaker[command]();
    const { state, generation } = breaker.metrics();
    for (const handle of old) dispose(handle);
    expect(breaker.metrics()).toMatchObject({ state, generation });
  });

  it.each(['reset', 'disable', 'dispose'] as const)('S-60 free no later isolation: the first ended by %s', (end) => {
    const { breaker } = createTimedBreaker();
    const old = [breaker.isolate(), breaker.isolate()];
    if (end === 'dispose') old.forEach(dispose);
    else breaker[end]();
    const current = breaker.isolate();
    old.forEach(dispose);
    expect(breaker.state).toBe('isolated');
    dispose(current);
    expect(breaker.state).toBe('closed');
  });

  it('S-60 void ones change no other state', () => {
    for (const state of states) {
      const timed = createBreakerIn('closed');
      const old = timed.breaker.isolate();
      timed.breaker.reset();
      if (state === 'open') timed.breaker.trip();
      if (state === 'disabled') timed.breaker.disable();
      if (state === 'isolated') timed.breaker.isolate();
      const before = timed.breaker.metrics();
      dispose(old);
      expect(timed.breaker.metrics()).toEqual(before);
    }
  });

  it('S-60 are freed by breaker.release, one hold each, sent by whoever watches the actor', () => {
    const { breaker } = createTimedBreaker();
    const [first] = [breaker.isolate(), breaker.isolate()];
    breaker.actor.send({ type: 'breaker.release' });
    expect(breaker.state).toBe('isolated');
    dispose(first);
    expect(breaker.state).toBe('closed');
  });

  it('S-60 agree with a naive count of holds, for any sequence of isolate, dispose and reset', () => {
    const move = fc.oneof(
      fc.constant('isolate' as const),
      fc.constant('reset' as const),
      fc.nat(20).map((index) => ({ index })),
      fc.nat(20).map((index) => ({ index })),
    );
    fc.assert(
      fc.property(fc.array(move, { maxLength: 40 }), (moves) => {
        const { breaker } = createTimedBreaker();
        const handles: Disposable[] = [];
        const held = new Set<Disposable>();
        for (const step of moves) {
          if (step === 'isolate') {
            const handle = breaker.isolate();
            handles.push(handle);
            held.add(handle);
          } else if (step === 'reset') {
            breaker.reset();
            held.clear();
          } else {
            const handle = handles[step.index % Math.max(1, handles.length)];
            dispose(handle);
            if (handle) held.delete(handle);
          }
          expect(breaker.state).toBe(held.size > 0 ? 'isolated' : 'closed');
        }
      }),
      { numRuns: runs(300) },
    );
  });
});
