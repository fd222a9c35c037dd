import type { SnapshotFrom } from 'xstate';
import { type BreakerContext, freshState } from '../../machines/breaker-context.ts';
import { type CountingMode, modeOf } from '../../machines/counting/counting-mode.ts';
import { noOutage } from '../../machines/outage.ts';
import type { BreakerInput } from '../../machines/settings/breaker-input.ts';
import { BreakerOptionsError } from '../../machines/settings/breaker-options-error.ts';
import { resolveSettings } from '../../machines/settings/breaker-settings.ts';
import { type BreakerSnapshot, shiftInstants } from '../circuit/breaker-snapshot.ts';
import type { CircuitBreakerMachine } from '../machine/customise-machine.ts';
import type { BreakerClock } from '../platform/clock.ts';
import { wallLeadMs } from '../platform/clock.ts';

/**
 * Turns what `toJSON()` has returned into a snapshot of the machine. The options are those of the new breaker.
 *
 * @param machine - The machine that will run.
 * @param input - The options that are data.
 * @param clock - The clock by which the breaker will live.
 * @throws BreakerOptionsError if the snapshot is of another breaker, or was counted in another way.
 */
export function restoreSnapshot(
  machine: CircuitBreakerMachine,
  snapshot: BreakerSnapshot,
  input: BreakerInput,
  clock: BreakerClock,
): SnapshotFrom<CircuitBreakerMachine> {
  const settings = resolveSettings(input);
  assertFits(snapshot, input, modeOf(settings));
  const now = clock.now();
  const {
    name,
    state,
    since,
    recoverAt,
    waitMs,
    generation,
    reopenings,
    counts,
    opening = null,
  } = shiftInstants(structuredClone(snapshot), -wallLeadMs(clock));
  const context: BreakerContext = {
    ...freshState,
    ...{ name, settings, generation, reopenings, ...counts },
    outage: { ...noOutage, counts: state === 'open' || state === 'halfOpen' ? opening : null },
    since: Math.min(since, now),
    trialsStarted: 0,
    recoverAt,
    waitMs,
    holds: state === 'isolated' ? 1 : 0,
    left: null,
    fleet: null,
  };
  // Nobody here runs the trials of another process.
  if (state === 'halfOpen')
    return machine.resolveState({
      value: 'open',
      context: { ...context, recoverAt: now, waitMs: settings.recoveryTimeoutMs },
    });
  return machine.resolveState({ value: state, context });
}

function assertFits(snapshot: BreakerSnapshot, { name = snapshot.name }: BreakerInput, mode: CountingMode): void {
  const refuse = (message: string): never => {
    throw new BreakerOptionsError('snapshot', message);
  };
  if (name !== snapshot.name) refuse(`snapshot is of the breaker "${snapshot.name}", but this is "${name}".`);
  if (mode !== snapshot.mode) refuse(`snapshot has counted ${snapshot.mode}, but the options ask for ${mode}.`);
}
