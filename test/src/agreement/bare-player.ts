import {
  type BreakerContext,
  type BreakerEvent,
  type BreakerInput,
  callFailed,
  createBreakerMachine,
} from 'agent-circuit-breaker/machines';
import { createActor } from 'xstate';
import { createTestClock } from '../../support/test-clock.ts';
import type { Command, End, Step } from './history.ts';

/** An error that counts, and one that is excluded. */
export const countedError = new Error('counts');
export class ExcludedError extends Error {}
export const excludedError = new ExcludedError('does not count');

/** Plays a history on something that has a breaker's state. */
export interface Player {
  play(step: Step): void;
  /** The counts and the state, as both players can tell them after every step. */
  readonly view: View;
  /** Everything the chart remembers, at the end. */
  readonly context: () => BreakerContext;
  /** Every change of state so far, oldest first. */
  readonly changes: readonly string[];
}

export type View = Pick<BreakerContext, 'generation' | 'since' | 'consecutiveFailures' | 'reopenings'> & {
  readonly state: string;
  readonly trials: number;
};

interface Ticket {
  readonly generation: number;
  readonly trial: string | number | undefined;
}

/** Plays on a bare actor: every start and every end of a call is an event, with its ticket. */
export function createBarePlayer(input: BreakerInput): Player {
  const clock = createTestClock();
  const actor = createActor(createBreakerMachine({ excludedErrors: [ExcludedError] }), { input, clock });
  const changes: string[] = [];
  const pending: Ticket[] = [];
  actor.on('breaker.stateChanged', ({ from, to }) => changes.push(`${from} -> ${to}`));
  actor.start();
  const send = (event: BreakerEvent) => actor.send({ ...event, at: clock.now() });

  const start = () => {
    const before = actor.getSnapshot();
    if (!before.hasTag('admitting')) return;
    if (before.hasTag('trial')) send({ type: 'trial.started' });
    const { trials, generation } = actor.getSnapshot().context;
    pending.push({ generation, trial: before.hasTag('trial') ? trials.at(-1)?.id : undefined });
  };
  const finish = (which: number, how: End) => {
    const [ticket] = pending.length > 0 ? pending.splice(which % pending.length, 1) : [];
    if (!ticket) return;
    const at = clock.now();
    if (how === 'fail') actor.send(callFailed(countedError, { ...ticket, at }));
    else if (how === 'failExcluded') actor.send(callFailed(excludedError, { ...ticket, at }));
    else actor.send({ type: types[how], ...ticket, at });
  };

  return {
    play(step) {
      if (step.kind === 'time') clock[step.withTimers ? 'advance' : 'jump'](step.ms);
      send({ type: 'recovery.elapsed' });
      send({ type: 'trial.expired' });
      if (step.kind === 'start') start();
      else if (step.kind === 'end') finish(step.which, step.how);
      else if (step.kind === 'command') send({ type: commands[step.type] });
    },
    get view() {
      const { value, context } = actor.getSnapshot();
      const { generation, since, consecutiveFailures, reopenings, trials } = context;
      const state = typeof value === 'string' ? value : 'halfOpen';
      return { state, generation, since, consecutiveFailures, reopenings, trials: trials.length };
    },
    context: () => actor.getSnapshot().context,
    changes,
  };
}

const types = { succeed: 'call.succeeded', ignore: 'call.ignored', cancel: 'call.cancelled' } as const;

const commands: Readonly<Record<Command, BreakerEvent['type'] & `breaker.${string}`>> = {
  trip: 'breaker.trip',
  reset: 'breaker.reset',
  disable: 'breaker.disable',
  enable: 'breaker.enable',
  isolate: 'breaker.isolate',
  release: 'breaker.release',
};
