import type { BreakerMachineOptions } from 'agent-circuit-breaker/machines';
import { createTestClock } from '../../support/test-clock.ts';
import { createBarePlayer } from './bare-player.ts';
import type { Step } from './history.ts';
import { playStep, type Seat, type View } from './player.ts';

/** What happens in a history, in words; so that agreement about it means something. */
export function sightingsIn(options: BreakerMachineOptions, steps: readonly Step[]): readonly string[] {
  const seat: Seat = { player: createBarePlayer(options, createTestClock()), calls: [], holds: [] };
  const seen = new Set<string>();
  for (const step of steps) {
    const before = look(seat);
    const isLetThrough = playStep(seat, step) !== false;
    const after = look(seat);
    for (const sighting of sightingsOf(step, isLetThrough, before, after)) seen.add(sighting);
  }
  return [...seen];
}

interface Moment extends View {
  /** What the wait is without backoff, in ms. */
  readonly plainWait: number;
  readonly lapsed: number;
  readonly trialFailures: number;
}

function look({ player }: Seat): Moment {
  const view = player.look();
  const { settings, outage } = player.context();
  return {
    ...view,
    plainWait: settings.recoveryTimeoutMs,
    lapsed: outage.lapsedTrials.length,
    trialFailures: outage.trialFailures,
  };
}

function sightingsOf(step: Step, isLetThrough: boolean, before: Moment, after: Moment): readonly string[] {
  const sightings: string[] = [after.state, `${before.state} -> ${after.state}`];
  if (step.type === 'end' && before.state === 'closed' && after.state === 'open')
    sightings.push(step.end === 'success' ? 'opened by a slow success' : 'opened by a failure');
  if (step.type === 'end' && before.lapsed > 0 && before.trials === 0 && before.rampShare === null) {
    if (after.state === 'closed') sightings.push('closed by a trial whose lease was over');
    if (after.state === 'open') sightings.push('re-opened by a trial whose lease was over');
  }
  if (after.trialFailures > 0) sightings.push('one of several failed trials');
  if (after.reopenings > 0) sightings.push('a failed trial');
  if (after.waitMs !== null) sightings.push(`a ${comparedWith(after.plainWait, after.waitMs)} wait`);
  if (after.rampShare !== null) sightings.push(after.rampShare > 0.5 ? 'late in a ramp' : 'early in a ramp');
  if (before.rampShare !== null) sightings.push(...rampSightings(step, isLetThrough, after));
  return sightings;
}

function comparedWith(plainWait: number, waitMs: number): string {
  if (waitMs === plainWait) return 'plain';
  return waitMs < plainWait ? 'shorter' : 'longer';
}

function rampSightings(step: Step, isLetThrough: boolean, { state }: Moment): readonly string[] {
  if (step.type === 'start') return [isLetThrough ? 'let through in a ramp' : 'refused in a ramp'];
  if (step.type === 'end' && state === 'open') return [`a ramp ended by a ${step.end}`];
  if (step.type === 'advance' && state === 'closed') return ['a ramp ended by its timer'];
  return step.type === 'jump' && state === 'closed' ? ['a ramp ended without a timer'] : [];
}
