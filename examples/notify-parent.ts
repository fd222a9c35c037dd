// A machine whose breaker tells it what becomes of the circuit, as events of its own: it goes on without the model.
import { type BreakerEmitted, createBreakerMachine } from 'agent-circuit-breaker';
import { callFailed } from 'agent-circuit-breaker/machines';
import { createActor, SimulatedClock, sendTo, setup } from 'xstate';

const desk = setup({
  types: {
    events: {} as BreakerEmitted | { type: 'answered' } | { type: 'failed'; error: Error },
    tags: {} as 'asksModel',
  },
  actors: { breaker: createBreakerMachine({ failureThreshold: 2, recoveryTimeout: 30_000 }) },
  actions: {
    succeed: sendTo('breaker', { type: 'call.succeeded' }),
    fail: sendTo('breaker', ({ event }) => callFailed(event.type === 'failed' ? event.error : undefined)),
    startTrial: sendTo('breaker', { type: 'trial.started' }),
  },
}).createMachine({
  invoke: { id: 'breaker', src: 'breaker', input: { name: 'model', notifyParent: true } },
  on: { answered: { actions: 'succeed' }, failed: { actions: 'fail' } },
  initial: 'well',
  states: {
    well: { tags: 'asksModel', on: { 'breaker.opened': 'withoutModel' } },
    withoutModel: { on: { 'breaker.halfOpened': 'trying' } },
    trying: {
      tags: 'asksModel',
      entry: 'startTrial',
      on: { 'breaker.closed': 'well', 'breaker.opened': 'withoutModel' },
    },
  },
});

const clock = new SimulatedClock();
const actor = createActor(desk, { clock });
let told: unknown;
actor.subscribe((snapshot) => {
  const { value } = snapshot;
  if (value !== told) console.log(`${value}: ${snapshot.hasTag('asksModel') ? 'asks the model' : 'answers by itself'}`);
  told = value;
});
actor.start();

const tell = (event: Parameters<typeof actor.send>[0]) => {
  console.log(`  ${event.type}`);
  actor.send(event);
  clock.increment(0); // what the breaker says arrives when it has done with the event
};

tell({ type: 'failed', error: new Error('503') });
tell({ type: 'failed', error: new Error('503') });
clock.increment(30_000);
clock.increment(0);
tell({ type: 'failed', error: new Error('still down') });
clock.increment(30_000);
clock.increment(0);
tell({ type: 'answered' });
