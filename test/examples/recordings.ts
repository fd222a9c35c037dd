import type { Call, Outcome } from '../../examples/demo/call.ts';
import type { Recording } from '../../examples/demo/recording.ts';
import { plannedMs, scenario } from '../../examples/demo/scenario.ts';

const outageFromMs = scenario.outageFromTick * scenario.tickMs;
const outageToMs = scenario.outageToTick * scenario.tickMs;

/** Makes a call that was asked at its tick. */
export function createCall(tick: number, outcome: Outcome, tookMs: number): Call {
  const askedAtMs = tick * scenario.tickMs;
  return {
    ...{ number: tick + 1, caller: (tick % scenario.callers) + 1, state: 'closed', outcome, detail: outcome },
    ...{ askedAtMs, endedAtMs: outcome === 'pending' ? null : askedAtMs + tookMs },
  };
}

/** Makes a recording of a whole demo: all failures while there is no breaker, all rejections with one. */
export function createRecording(changes: Partial<Recording> = {}): Recording {
  const ticks = Array.from({ length: scenario.ticks }, (_, tick) => tick);
  const isOut = (tick: number) => tick >= scenario.outageFromTick && tick < scenario.outageToTick;
  const guarded = ticks.map((tick) => {
    if (!isOut(tick)) return createCall(tick, 'answered', 120);
    return tick < scenario.outageFromTick + 2 ? createCall(tick, 'deadline', 450) : createCall(tick, 'rejected', 0);
  });
  const bare = ticks.map((tick) =>
    isOut(tick) ? createCall(tick, 'deadline', 450) : createCall(tick, 'answered', 120),
  );
  const admittedCount = guarded.filter(({ outcome }) => outcome !== 'rejected').length;
  return {
    elapsedMs: plannedMs,
    outage: { fromMs: outageFromMs, toMs: outageToMs },
    guarded: { calls: guarded, requestCount: admittedCount },
    bare: { calls: bare, requestCount: bare.length },
    admittedCount,
    state: 'closed',
    transitions: [
      { atMs: outageFromMs + 600, from: 'closed', to: 'open' },
      { atMs: outageToMs + 100, from: 'open', to: 'halfOpen' },
      { atMs: outageToMs + 250, from: 'halfOpen', to: 'closed' },
    ],
    isInterrupted: false,
    ...changes,
  };
}
