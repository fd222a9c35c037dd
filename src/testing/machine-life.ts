import type { BreakerEvent } from '../../machines/breaker-events.ts';
import { callFailed } from '../../machines/hidden-error.ts';
import type { MachineBench } from './machine-bench.ts';
import { started, succeeded } from './machine-rule.ts';

/**
 * Lets one actor live through many calls: failures and successes in a row and by turns, and what follows when the
 * circuit opens.
 *
 * @param errors - What the failures throw.
 * @param rounds - How many calls of each pattern end in a row.
 * @param look - Called after each event.
 */
export function liveThrough(
  bench: MachineBench,
  errors: readonly unknown[],
  rounds: number,
  look: (event: BreakerEvent) => void,
): void {
  const send = (...events: readonly BreakerEvent[]) => {
    for (const event of events) {
      bench.send(event);
      look(event);
    }
  };
  for (const pattern of patternsOf(errors)) {
    for (let round = 0; round < rounds; round++) {
      bench.clock.advance(1);
      send(...pattern.slice(round % pattern.length).slice(0, 1));
      if (bench.state === 'open') send({ type: 'breaker.reset' });
    }
    if (bench.state === 'closed') send({ type: 'breaker.trip' });
    recover(bench, errors, send);
  }
}

function patternsOf(errors: readonly unknown[]): readonly (readonly BreakerEvent[])[] {
  const failures = errors.map((error) => callFailed(error));
  const succeeds: BreakerEvent = { type: 'call.succeeded', duration: 1 };
  const slow: BreakerEvent = { type: 'call.succeeded', duration: Number.MAX_SAFE_INTEGER };
  return [
    ...failures.map((failure) => [failure]),
    [succeeds],
    [...failures, { type: 'call.failed' }, slow, { type: 'call.ignored' }, succeeds],
    [slow],
    [{ type: 'call.failed' }],
  ];
}

/** From open to closed, past every end that a call can have on the way. */
function recover(
  bench: MachineBench,
  errors: readonly unknown[],
  send: (...events: readonly BreakerEvent[]) => void,
): void {
  for (const error of errors) {
    if (bench.state !== 'open') break;
    send(callFailed(error), callFailed(error, { openFor: 2_147_483_647 }), { type: 'call.succeeded' });
    send({ type: 'breaker.trip' }, { type: 'breaker.reset' }, { type: 'breaker.trip' });
    bench.advanceTo(bench.recoverAt);
    send(started('a'), started('b'), { type: 'call.ignored', trial: 'b' }, callFailed(error, { trial: 'a' }));
  }
  if (bench.state === 'open') bench.advanceTo(bench.recoverAt);
  send(started('a'), succeeded('a'), started('c'), { type: 'call.cancelled', trial: 'c' }, { type: 'breaker.reset' });
}
