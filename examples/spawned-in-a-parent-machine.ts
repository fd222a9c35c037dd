// A breaker as a child of an XState machine, driven by events alone.
import { type BreakerActorRef, createBreakerMachine } from 'agent-circuit-breaker';
import { assign, createActor, SimulatedClock, setup } from 'xstate';

const agent = setup({
  types: {
    context: {} as { breaker: BreakerActorRef; sent: number; held: number },
    events: {} as { type: 'ask' } | { type: 'answered' } | { type: 'failed'; error: Error },
  },
  actors: { breaker: createBreakerMachine({ excludedErrors: [SyntaxError] }) },
  guards: { admits: ({ context }) => context.breaker.getSnapshot().hasTag('admitting') },
  actions: {
    send: assign({ sent: ({ context }) => context.sent + 1 }),
    hold: assign({ held: ({ context }) => context.held + 1 }),
    // Half-open, a call is a trial and takes a slot; in any other state the event changes nothing.
    startTrial: ({ context }) => context.breaker.send({ type: 'trial.started' }),
    succeed: ({ context }) => context.breaker.send({ type: 'call.succeeded' }),
    fail: ({ context, event }) =>
      context.breaker.send({ type: 'call.failed', error: event.type === 'failed' ? event.error : undefined }),
  },
}).createMachine({
  context: ({ spawn }) => ({
    breaker: spawn('breaker', { systemId: 'model', input: { name: 'model', failureThreshold: 2 } }),
    sent: 0,
    held: 0,
  }),
  on: {
    ask: [{ guard: 'admits', actions: ['startTrial', 'send'] }, { actions: 'hold' }],
    answered: { actions: 'succeed' },
    failed: { actions: 'fail' },
  },
});

const clock = new SimulatedClock();
const actor = createActor(agent, { clock }).start();
const { breaker } = actor.getSnapshot().context;
breaker.on('breaker.stateChanged', ({ name, from, to }) => console.log(`${name}: ${from} -> ${to}`));

const ask = (story: string) => {
  const { sent } = actor.getSnapshot().context;
  actor.send({ type: 'ask' });
  console.log(`${story}: ${actor.getSnapshot().context.sent > sent ? 'sent' : 'held back'}`);
};

ask('a first call');
actor.send({ type: 'failed', error: new SyntaxError('excluded: it does not count') });
for (let count = 1; count <= 2; count++) {
  ask(`failing call ${count}`);
  actor.send({ type: 'failed', error: new Error('503') });
}
ask('another call');

clock.increment(60_000);
ask('a minute later, a trial');
ask('beside the trial');
actor.send({ type: 'answered' });

const { sent, held } = actor.getSnapshot().context;
console.log(`the agent sent ${sent} calls and held ${held} back`);
