import type { BreakerContext, BreakerMachineOptions } from 'agent-circuit-breaker/machines';
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
  readonly waitBySettings: number;
  readonly mode: string;
}

function look({ player }: Seat): Moment {
  const view = player.look();
  const { settings }: BreakerContext = player.context();
  const mode = player.write().mode;
  return { ...view, waitBySettings: settings.recoveryTimeoutMs, mode };
}

function sightingsOf(step: Step, isLetThrough: boolean, before: Moment, after: Moment): readonly string[] {
  const change = before.state === after.state ? after.state : `${before.state} -> ${after.state}`;
  const sightings = [after.state, change];
  if (step.type === 'end' && change === 'closed -> open') {
    sightings.push(`opened by ${after.mode}`);
    if (step.end === 'success') sightings.push(`opened by a slow call and ${after.mode}`);
  }
  if (after.reopenings > 0) sightings.push('a failed trial');
  if (after.waitMs !== null) sightings.push(waitIn(after.waitMs, after.waitBySettings));
  if (after.rampShare !== null) sightings.push(`a ramp at ${after.rampShare < 0.5 ? 'less' : 'more'} than half`);
  if (before.rampShare !== null) sightings.push(...rampSightings(step, isLetThrough, after));
  return sightings;
}

function waitIn(waitMs: number, waitBySettings: number): string {
  if (waitMs === waitBySettings) return 'a plain wait';
  return waitMs < waitBySettings ? 'a shorter wait' : 'a longer wait';
}

function rampSightings(step: Step, isLetThrough: boolean, { state }: Moment): readonly string[] {
  if (step.type === 'start') return [isLetThrough ? 'let through in a ramp' : 'refused in a ramp'];
  if (step.type === 'end' && state === 'open') return [`a ${step.end} ended a ramp`];
  return (step.type === 'advance' || step.type === 'jump') && state === 'closed' ? [`an ${step.type} ended a ramp`] : [];
}
