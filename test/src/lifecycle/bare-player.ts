import {
  type BreakerEmitted,
  type BreakerEvent,
  type BreakerInput,
  callFailed,
  createBreakerMachine,
  type TrialId,
} from 'agent-circuit-breaker/machines';
import { createActor } from 'xstate';
import { createTestClock } from '../../support/test-clock.ts';
import type { End } from './history.ts';
import { counted, Excluded, excluded, type Player, viewOf } from './player.ts';

interface Ticket {
  readonly generation: number;
  readonly trial?: TrialId;
}

/** Sends a bare actor every event itself, with tickets of its own: every other one of most kinds without a date. */
export function createBarePlayer(input: BreakerInput): Player {
  const clock = createTestClock();
  const machine = createBreakerMachine({ ...input, excludedErrors: [Excluded] });
  const actor = createActor(machine, { clock });
  const emitted: BreakerEmitted[] = [];
  actor.on('*', (event) => emitted.push(event));
  actor.start();

  let sent = 0;
  const send = (event: BreakerEvent) => {
    const at = sent++ % 2 === 0 || isNeutral(event) ? clock.now() : undefined;
    if (event.type !== 'call.failed') return actor.send({ ...event, at });
    const { error, ...ticket } = event;
    actor.send(callFailed(error, { ...ticket, at }));
  };
  const payTime = () => {
    send({ type: 'recovery.elapsed' });
    send({ type: 'trial.expired' });
  };
  const view = () => {
    const { value, context } = actor.getSnapshot();
    return viewOf(value, context, clock.now());
  };

  return {
    clock,
    emitted,
    start() {
      payTime();
      const snapshot = actor.getSnapshot();
      if (!snapshot.hasTag('admitting')) return undefined;
      const { generation } = snapshot.context;
      if (snapshot.hasTag('uncounted')) return () => {};
      if (!snapshot.hasTag('trial')) return (end) => send(endOf(end, { generation }));
      const trial = `trial ${snapshot.context.trialsStarted}`;
      send({ type: 'trial.started', trial });
      return (end) => send(endOf(end, { generation, trial }));
    },
    order(order) {
      payTime();
      send({ type: `breaker.${order}` });
    },
    isolate() {
      payTime();
      send({ type: 'breaker.isolate' });
      const { generation } = actor.getSnapshot().context;
      let isHeld = true;
      return () => {
        if (isHeld && actor.getSnapshot().context.generation === generation) send({ type: 'breaker.release' });
        isHeld = false;
      };
    },
    look() {
      payTime();
      return view();
    },
    peek: view,
    read: view,
    context: () => actor.getSnapshot().context,
  };
}

function endOf(end: End, ticket: Ticket): BreakerEvent {
  if (end === 'success') return { type: 'call.succeeded', ...ticket };
  if (end === 'failure') return { type: 'call.failed', error: counted, ...ticket };
  if (end === 'excluded') return { type: 'call.failed', error: excluded, ...ticket };
  return { type: `call.${end}`, ...ticket };
}

/** Whether such an event is the same without a date has a test of its own. */
function isNeutral({ type }: BreakerEvent): boolean {
  return type === 'call.ignored' || type === 'call.cancelled';
}
