import { attachBreaker, type CircuitBreaker, createBreaker, type Permit } from 'agent-circuit-breaker';
import { type BreakerInput, createBreakerMachine } from 'agent-circuit-breaker/machines';
import { createActor } from 'xstate';
import { createTestClock, type TestClock } from '../../support/test-clock.ts';
import { countedError, ExcludedError, excludedError, type Player } from './bare-player.ts';
import type { Command, End } from './history.ts';

const excludedErrors = [ExcludedError];

/** The ways in which a facade tells its actor of outcomes. */
export const facades = {
  'that holds outcomes back': (input: BreakerInput, clock: TestClock) =>
    createBreaker({ ...input, clock, excludedErrors }),
  'whose actor has been read': (input: BreakerInput, clock: TestClock) => {
    const breaker = createBreaker({ ...input, clock, excludedErrors });
    breaker.actor.getSnapshot();
    return breaker;
  },
  'that is inspected': (input: BreakerInput, clock: TestClock) =>
    createBreaker({ ...input, clock, excludedErrors, inspect: () => {} }),
  'over somebody else’s actor': (input: BreakerInput, clock: TestClock) =>
    attachBreaker(createActor(createBreakerMachine({ excludedErrors }), { input, clock }).start()),
} as const;

/** Plays on a facade, as its user would: permits for calls, methods for commands. */
export function createFacadePlayer(make: (typeof facades)[keyof typeof facades], input: BreakerInput): Player {
  const clock = createTestClock();
  const breaker = make(input, clock);
  const changes: string[] = [];
  const pending: Permit[] = [];
  const holds: Disposable[] = [];
  breaker.on('stateChange', (from, to) => changes.push(`${from} -> ${to}`));

  const finish = (which: number, how: End) => {
    const [permit] = pending.length > 0 ? pending.splice(which % pending.length, 1) : [];
    if (how === 'fail') permit?.fail(countedError);
    else if (how === 'failExcluded') permit?.fail(excludedError);
    else permit?.[how]();
  };

  return {
    play(step) {
      if (step.kind === 'time') clock[step.withTimers ? 'advance' : 'jump'](step.ms);
      if (step.kind === 'start') {
        const permit = breaker.tryAcquire();
        if (permit) pending.push(permit);
      } else if (step.kind === 'end') finish(step.which, step.how);
      else if (step.kind === 'command') command(breaker, step.type, holds);
    },
    get view() {
      const { state, generation, since, consecutiveFailures, reopenings, trials } = breaker.metrics();
      return { state, generation, since, consecutiveFailures, reopenings, trials };
    },
    context: () => breaker.actor.getSnapshot().context,
    changes,
  };
}

function command(breaker: CircuitBreaker, type: Command, holds: Disposable[]): void {
  if (type === 'isolate') holds.push(breaker.isolate());
  else if (type === 'release') holds.pop()?.[Symbol.dispose]();
  else breaker[type]();
}
