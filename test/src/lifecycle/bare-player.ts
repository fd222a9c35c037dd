import type { BreakerSnapshot } from 'agent-circuit-breaker';
import {
  type BreakerContext,
  type BreakerEmitted,
  type BreakerEvent,
  type BreakerMachineOptions,
  type BreakerSettings,
  callFailed,
  createBreakerMachine,
  leaseRequest,
  type TrialId,
} from 'agent-circuit-breaker/machines';
import { createActor } from 'xstate';
import type { TestClock } from '../../support/test-clock.ts';
import type { End } from './history.ts';
import { counted, excluded, judgement, type Player, stateNamed, viewOf, type Written } from './player.ts';

interface Ticket {
  readonly generation: number;
  readonly trial?: TrialId;
}

interface Measured extends Ticket {
  readonly duration: number;
}

/** Sends a bare actor every event itself, with tickets of its own: every other one of most kinds without a date. */
export function createBarePlayer(options: BreakerMachineOptions, clock: TestClock): Player {
  const actor = createActor(createBreakerMachine({ ...options, ...judgement }), { clock });
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
    return viewOf(actor.getSnapshot(), clock.now());
  };
  const admitted = (ticket: Ticket) => {
    const startedAt = clock.now();
    return (end: End) => send(endOf(end, { ...ticket, duration: clock.now() - startedAt }));
  };

  const start = () => {
    payTime();
    const snapshot = actor.getSnapshot();
    if (!snapshot.hasTag('admitting')) return undefined;
    const { generation, trialsStarted } = snapshot.context;
    if (snapshot.hasTag('uncounted')) return () => {};
    if (!snapshot.hasTag('trial')) return admitted({ generation });
    const trial = `trial ${trialsStarted}`;
    send({ type: 'trial.started', trial });
    const isLetThrough = actor.getSnapshot().context.trials.some(({ id }) => id === trial);
    return isLetThrough ? admitted({ generation, trial }) : undefined;
  };

  return {
    clock,
    emitted,
    start() {
      const end = start();
      // Whoever turns a call down asks a fleet for a slot, where there is one.
      const snapshot = actor.getSnapshot();
      const request = !end && snapshot.hasTag('asking') ? leaseRequest(snapshot.context, clock.now()) : undefined;
      if (request) send(request);
      return end;
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
    write() {
      payTime();
      const { value, context } = actor.getSnapshot();
      return writtenOf(value, context);
    },
    peek: view,
    read: view,
    context: () => actor.getSnapshot().context,
  };
}

function endOf(end: End, { duration, ...ticket }: Measured): BreakerEvent {
  if (end === 'success') return { type: 'call.succeeded', ...ticket, duration };
  if (end === 'failure') return { type: 'call.failed', error: counted, ...ticket, duration };
  if (end === 'excluded') return { type: 'call.failed', error: excluded, ...ticket, duration };
  return { type: `call.${end}`, ...ticket };
}

/** Whether such an event is the same without a date has a test of its own. */
function isNeutral({ type }: BreakerEvent): boolean {
  return type === 'call.ignored' || type === 'call.cancelled';
}

function writtenOf(value: unknown, context: BreakerContext): Written {
  const { name, generation, since, recoverAt, waitMs, reopenings, outage, settings } = context;
  const { consecutiveFailures, failureTimes, window } = context;
  return {
    version: 1,
    ...{ name, state: stateNamed(value), generation, since, recoverAt, waitMs, reopenings, opening: outage.counts },
    ...{ mode: modeOf(settings), counts: { consecutiveFailures, failureTimes, window } },
  };
}

function modeOf({ failureRateThreshold, failureWindowMs }: BreakerSettings): BreakerSnapshot['mode'] {
  if (failureRateThreshold === null) return failureWindowMs === null ? 'failuresInARow' : 'failuresInWindow';
  return failureWindowMs === null ? 'rateOfCalls' : 'rateOverTime';
}
