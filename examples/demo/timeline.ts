import type { BreakerStateName } from 'agent-circuit-breaker';
import { type Call, durationMs, isFailed, type Outcome } from './call.ts';
import type { Colour, Paint } from './palette.ts';
import type { LaneRecording, Recording, Transition } from './recording.ts';
import { createRow, type Row } from './row.ts';
import { plannedMs, scenario } from './scenario.ts';
import { colourOf, reasonOf, seconds, stateInWords } from './words.ts';

const labelWidth = 11;
const shownTransitions = 3;

/** How the end of a call is drawn. */
const marks: Readonly<Record<Outcome, readonly [string, Colour]>> = {
  pending: ['━', 'dim'],
  answered: ['●', 'green'],
  status: ['✗', 'red'],
  reset: ['↯', 'red'],
  deadline: ['┫', 'red'],
  other: ['!', 'red'],
  rejected: ['○', 'cyan'],
  cancelled: ['-', 'dim'],
};

const fills: Readonly<Record<BreakerStateName, string>> = {
  closed: '─',
  open: '█',
  halfOpen: '▒',
  isolated: '█',
  disabled: ' ',
};

/**
 * Draws everything that has happened so far: time runs to the right, a row for every caller.
 *
 * @param width - Columns of the terminal; no line is longer.
 */
export function renderTimeline(recording: Recording, width: number, paint: Paint): readonly string[] {
  const { guarded, bare, outage, state } = recording;
  const columns = width - labelWidth - 1;
  const toColumn = (ms: number) => Math.floor((ms * columns) / Math.max(plannedMs, recording.elapsedMs));
  const drawing: Drawing = { recording, columns, toColumn, paint };

  return [
    paint('bold', ' agent-circuit-breaker') + paint('dim', '  the openai client asks a provider that has an outage'),
    '',
    label('seconds', 'dim', paint) + axisRow(drawing),
    label('provider', isUnwell(outage) ? 'red' : 'green', paint) + weatherRow(drawing),
    '',
    heading('With a breaker', guarded, recording, width, paint),
    ...callerRows(guarded, drawing),
    label(stateInWords(state), colourOf(state), paint) + stateRow(drawing),
    '',
    heading('Without', bare, recording, width, paint),
    ...callerRows(bare, drawing),
    '',
    legend(paint),
    ...lastTransitions(recording.transitions, paint),
  ];
}

interface Drawing {
  readonly recording: Recording;
  readonly columns: number;
  readonly toColumn: (ms: number) => number;
  readonly paint: Paint;
}

function axisRow({ columns, toColumn, paint }: Drawing): string {
  const row = createRow(columns, paint);
  for (let second = 0; second * 1_000 < plannedMs; second++) row.put(toColumn(second * 1_000), `${second}`, 'dim');
  return row.toString();
}

function weatherRow({ recording, columns, toColumn, paint }: Drawing): string {
  const { elapsedMs, outage } = recording;
  const row = createRow(columns, paint);
  const span = (fromMs: number, toMs: number, text: string, colour: Colour) => {
    const length = toColumn(toMs) - toColumn(fromMs);
    row.put(toColumn(fromMs), text.padEnd(length, '─').slice(0, length), colour);
  };
  span(0, outage.fromMs ?? elapsedMs, 'healthy ', 'green');
  if (outage.fromMs !== null) span(outage.fromMs, outage.toMs ?? elapsedMs, 'outage: 503, resets, hanging ', 'red');
  if (outage.toMs !== null) span(outage.toMs, elapsedMs, 'healthy ', 'green');
  return row.toString();
}

function stateRow({ recording, columns, toColumn, paint }: Drawing): string {
  const row = createRow(columns, paint);
  const spans = toSpans(recording.transitions, recording.elapsedMs);
  // What lasted for less than a column is drawn last, or it would not be seen.
  for (const { state, fromMs, toMs } of [...spans].sort((a, b) => b.toMs - b.fromMs - (a.toMs - a.fromMs))) {
    const length = Math.max(1, toColumn(toMs) - toColumn(fromMs));
    row.put(toColumn(fromMs), fills[state].repeat(length), colourOf(state));
  }
  return row.toString();
}

function toSpans(transitions: readonly Transition[], elapsedMs: number) {
  const states: readonly BreakerStateName[] = ['closed', ...transitions.map(({ to }) => to)];
  return states.map((state, index) => ({
    state,
    fromMs: transitions[index - 1]?.atMs ?? 0,
    toMs: transitions[index]?.atMs ?? elapsedMs,
  }));
}

function callerRows({ calls }: LaneRecording, drawing: Drawing): readonly string[] {
  return Array.from({ length: scenario.callers }, (_, index) => {
    const row = createRow(drawing.columns, drawing.paint);
    for (const call of calls) if (call.caller === index + 1) drawCall(row, call, drawing);
    return label(`caller ${index + 1}`, 'dim', drawing.paint) + row.toString();
  });
}

function drawCall(row: Row, call: Call, { recording, toColumn }: Drawing): void {
  const [mark, colour] = marks[call.outcome];
  const length = Math.max(1, toColumn(durationMs(call, recording.elapsedMs)));
  row.put(toColumn(call.askedAtMs), '━'.repeat(length - 1) + mark, colour);
}

function heading(title: string, lane: LaneRecording, { elapsedMs }: Recording, width: number, paint: Paint): string {
  const waitedMs = lane.calls.filter(isFailed).reduce((sum, call) => sum + durationMs(call, elapsedMs), 0);
  const counts =
    `${lane.calls.length} asked, ${lane.requestCount} reached the provider, ` +
    `${(waitedMs / 1_000).toFixed(1)} s lost on failures`;
  return ` ${paint('bold', title)}${counts.padStart(width - 2 - title.length)}`;
}

function legend(paint: Paint): string {
  const entry = (outcome: Outcome, meaning: string, before = '') => {
    const [mark, colour] = marks[outcome];
    return `${paint(colour, before + mark)} ${meaning}`;
  };
  return ` ${[
    entry('answered', 'answered'),
    entry('status', '503'),
    entry('reset', 'reset'),
    entry('deadline', 'no headers in time', '━━'),
    entry('rejected', 'rejected at once: never sent'),
  ].join('   ')}`;
}

function lastTransitions(transitions: readonly Transition[], paint: Paint): readonly string[] {
  const shown = transitions.slice(-shownTransitions);
  return Array.from({ length: shownTransitions }, (_, index) => {
    const transition = shown[index];
    if (transition === undefined) return '';
    const to = paint(colourOf(transition.to), stateInWords(transition.to).padEnd(9));
    return ` ${seconds(transition.atMs)}  ${to}  ${paint('dim', reasonOf(transition))}`;
  });
}

function isUnwell({ fromMs, toMs }: Recording['outage']): boolean {
  return fromMs !== null && toMs === null;
}

function label(text: string, colour: Colour, paint: Paint): string {
  return paint(colour, ` ${text.padEnd(labelWidth - 1)}`);
}
