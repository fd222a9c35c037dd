import type { BreakerStateName } from 'agent-circuit-breaker';
import type { Recording } from './recording.ts';
import { createRow, type Drawing } from './row.ts';
import { colourOf } from './words.ts';

/** Each state has a fill of its own, so that the row can be read without colours. */
const fills: Readonly<Record<BreakerStateName, string>> = {
  closed: '─',
  open: '█',
  halfOpen: '▒',
  isolated: '█',
  disabled: ' ',
};

/** Draws the states of the breaker over time. */
export function renderStates({ recording, columns, toColumn, paint }: Drawing): string {
  const row = createRow(columns, paint);
  const spans = toSpans(recording);
  // The shortest are drawn last: what lasts for less than a column would be covered by its neighbours.
  for (const { state, fromMs, toMs } of spans.sort((a, b) => b.toMs - b.fromMs - (a.toMs - a.fromMs))) {
    const length = Math.max(1, toColumn(toMs) - toColumn(fromMs));
    row.put(toColumn(fromMs), fills[state].repeat(length), colourOf(state));
  }
  return row.toString();
}

function toSpans({ transitions, elapsedMs }: Recording) {
  const states: readonly BreakerStateName[] = ['closed', ...transitions.map(({ to }) => to)];
  return states.map((state, index) => ({
    state,
    fromMs: transitions[index - 1]?.atMs ?? 0,
    toMs: transitions[index]?.atMs ?? elapsedMs,
  }));
}
