import { createBreaker } from 'agent-circuit-breaker';
import { fail, succeed } from '../libraries/operations.ts';
import type { Effort } from '../measuring/rounds.ts';
import { awaited } from '../measuring/turns.ts';
import type { Figures } from '../row.ts';
import { beside } from './beside.ts';
import { HandClock } from './hand-clock.ts';

const recoveryTimeout = 30_000;

/** A circuit that is opened by hand, waits, and is closed by its first trial. */
export function measureOutage(effort: Effort): Promise<Figures> {
  return measureCycle(effort, (breaker) => breaker.trip());
}

/** A circuit that is opened by a failing call, waits, and is closed by its first trial. */
export function measureOutageByFailure(effort: Effort): Promise<Figures> {
  return measureCycle(effort, (breaker) => breaker.call(fail).catch(() => {}));
}

async function measureCycle(
  effort: Effort,
  open: (breaker: ReturnType<typeof createBreaker>) => unknown,
): Promise<Figures> {
  const clock = new HandClock();
  const states: string[] = [];
  const breaker = createBreaker({ clock, failureThreshold: 1, recoveryTimeout });
  const cycle = async () => {
    await open(breaker);
    clock.advance(recoveryTimeout);
    await breaker.call(succeed);
  };
  const off = breaker.on('stateChange', (_from, to) => states.push(to));
  await cycle();
  off();
  if (states.join() !== 'open,halfOpen,closed') throw new Error(`The outage went ${states.join()}.`);
  return beside(effort, { unit: 'us', ours: awaited(cycle) });
}
