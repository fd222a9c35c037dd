import { createBreaker } from 'agent-circuit-breaker';
import {
  type BreakerEmitted,
  BreakerOptionsError,
  callFailed,
  createBreakerMachine,
  resolveSettings,
} from 'agent-circuit-breaker/machines';
import { describe, expect, it } from 'vitest';
import { createActor, setup } from 'xstate';
import { createTestClock } from '../support/test-clock.ts';

const down = new Error('down');

/** A parent that invokes a breaker and writes down what it is sent, and what state the breaker was in then. */
function startParent(notifyParent: boolean | undefined) {
  const heard: { readonly event: BreakerEmitted; readonly state: unknown }[] = [];
  const machine = createBreakerMachine({ failureThreshold: 1, recoveryTimeout: 1_000 });
  const parent = setup({
    types: { events: {} as BreakerEmitted },
    actors: { breaker: machine },
    actions: {
      hear: ({ event, self }) => {
        heard.push({ event, state: self.getSnapshot().children.breaker?.getSnapshot().value });
      },
    },
  }).createMachine({
    invoke: { id: 'breaker', src: 'breaker', input: { name: 'model', notifyParent } },
    on: { '*': { actions: 'hear' } },
  });
  const clock = createTestClock();
  const actor = createActor(parent, { clock }).start();
  const breaker = actor.getSnapshot().children.breaker;
  if (breaker === undefined) throw new Error('the parent has invoked no breaker');
  return { breaker, clock, heard };
}

describe('notifyParent', () => {
  it('S-51 S-72 sends every change to the parent, a moment later, when the breaker is in the new state', () => {
    const { breaker, clock, heard } = startParent(true);
    breaker.send(callFailed(down));
    clock.advance(0);
    clock.advance(1_000);
    breaker.send({ type: 'trial.started' });
    breaker.send({ type: 'call.succeeded' });
    clock.advance(0);
    expect(heard.map(({ event, state }) => [event.type, event.name, state])).toEqual([
      ['breaker.stateChanged', 'model', 'open'],
      ['breaker.opened', 'model', 'open'],
      ['breaker.stateChanged', 'model', { halfOpen: 'free' }],
      ['breaker.halfOpened', 'model', { halfOpen: 'free' }],
      ['breaker.stateChanged', 'model', 'closed'],
      ['breaker.closed', 'model', 'closed'],
    ]);
    expect(heard[0]?.event).toMatchObject({ from: 'closed', to: 'open', generation: 1 });
  });

  it('S-75 tells the parent of the error, but nobody else', () => {
    const { breaker, clock, heard } = startParent(true);
    breaker.send(callFailed(down));
    clock.advance(0);
    expect(Reflect.get(heard[1]?.event ?? {}, 'error')).toBe(down);
    expect(JSON.stringify(heard)).not.toContain('down');
  });

  it.each([false, undefined])('sends nothing unless it is asked for: %s', (notifyParent) => {
    const { breaker, clock, heard } = startParent(notifyParent);
    breaker.send({ type: 'breaker.trip' });
    clock.advance(0);
    expect(heard).toEqual([]);
  });

  it('has no effect without a parent', () => {
    const actor = createActor(createBreakerMachine({ notifyParent: true })).start();
    actor.send({ type: 'breaker.trip' });
    expect(actor.getSnapshot()).toMatchObject({ status: 'active', value: 'open' });
  });

  it.each([0, 1, 'true', null, {}])('is true or false, not %o', (notifyParent) => {
    const refuse = () => Reflect.apply(resolveSettings, undefined, [{ notifyParent }]);
    expect(refuse).toThrow(BreakerOptionsError);
    expect(refuse).toThrow('notifyParent must be true or false');
  });

  it('is no option of a breaker that is its own root', () => {
    expect(() => Reflect.apply(createBreaker, undefined, [{ notifyParent: true }])).toThrow(
      'notifyParent is an option of a machine: the actor of createBreaker has no parent.',
    );
  });
});
