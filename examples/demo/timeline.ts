import { type Call, durationMs, isFailed, type Outcome } from './call.ts';
import type { Colour, Paint } from './palette.ts';
import type { LaneRecording, Recording, Transition } from './recording.ts';
import { createRow, type Drawing, type Row } from './row.ts';
import { plannedMs, scenario } from './scenario.ts';
import { renderStates } from './state-row.ts';
import { colourOf, reasonOf, seconds, stateInWords } from './words.ts';

const labelWidth = 11;
const headingWidth = 19;
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

/**
 * Draws everything that has happened so far: time runs to the right, a row for every caller.
 *
 * @param width - Columns of the terminal.
 */
export function renderTimeline(recording: Recording, width: number, paint: Paint): readonly string[] {
  const { guarded, bare, outage, state } = recording;
  const drawing = createDrawing(recording, width, paint);
  const isUnwell = outage.fromMs !== null && outage.toMs === null;
  return [
    ` ${paint('bold', 'agent-circuit-breaker')}  ${paint('dim', 'the openai client asks a provider that has an outage')}`,
    '',
    label('seconds', 'dim', paint) + renderAxis(drawing),
    label('provider', isUnwell ? 'red' : 'green', paint) + renderWeather(drawing),
    '',
    renderHeading('With a breaker', guarded, drawing),
    ...renderCallers(guarded, drawing),
    label(stateInWords(state), colourOf(state), paint) + renderStates(drawing),
    '',
    renderHeading('Without a breaker', bare, drawing),
    ...renderCallers(bare, drawing),
    '',
    renderLegend(paint),
    '',
    ...renderTransitions(recording.transitions, paint),
  ];
}

/** A tick is a whole number of columns wide, so that calls stand in straight lines. */
function createDrawing(recording: Recording, width: number, paint: Paint): Drawing {
  const columnsPerTick = Math.max(1, Math.floor((width - labelWidth) / scenario.ticks));
  const msPerColumn = scenario.tickMs / columnsPerTick;
  return {
    ...{ recording, paint },
    columns: columnsPerTick * scenario.ticks,
    // A call is asked at a tick or a little later, and a timer can fire a little early.
    toColumn: (ms) => Math.floor((ms + msPerColumn / 5) / msPerColumn),
  };
}

function renderAxis({ columns, toColumn, paint }: Drawing): string {
  const row = createRow(columns, paint);
  for (let second = 0; second * 1_000 < plannedMs; second++) row.put(toColumn(second * 1_000), `${second}`, 'dim');
  return row.toString();
}

function renderWeather({ recording, columns, toColumn, paint }: Drawing): string {
  const { elapsedMs, outage } = recording;
  const row = createRow(columns, paint);
  const put = (fromMs: number, toMs: number, text: string, fill: string, colour: Colour) => {
    const length = toColumn(toMs) - toColumn(fromMs);
    row.put(toColumn(fromMs), text.padEnd(length, fill).slice(0, length), colour);
  };
  put(0, outage.fromMs ?? elapsedMs, 'healthy ', '─', 'green');
  if (outage.fromMs !== null) put(outage.fromMs, outage.toMs ?? elapsedMs, 'outage ', '━', 'red');
  if (outage.toMs !== null) put(outage.toMs, elapsedMs, 'healthy ', '─', 'green');
  return row.toString();
}

function renderCallers({ calls }: LaneRecording, drawing: Drawing): readonly string[] {
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

function renderHeading(title: string, { calls, requestCount }: LaneRecording, { recording, paint }: Drawing): string {
  const waitedMs = calls.filter(isFailed).reduce((sum, call) => sum + durationMs(call, recording.elapsedMs), 0);
  const counts = `${calls.length} asked, ${requestCount} reached the provider, ${seconds(waitedMs)} lost on failures`;
  return ` ${paint('bold', title.padEnd(headingWidth))}${counts}`;
}

function renderLegend(paint: Paint): string {
  const entry = (outcome: Outcome, meaning: string, before = '') => {
    const [mark, colour] = marks[outcome];
    return `${paint(colour, before + mark)} ${meaning}`;
  };
  const calls = [
    entry('answered', 'answered'),
    entry('status', '503'),
    entry('reset', 'reset'),
    entry('deadline', 'no headers in time', '━━'),
    entry('rejected', 'not sent'),
  ];
  return ` ${calls.join('   ')}`;
}

function renderTransitions(transitions: readonly Transition[], paint: Paint): readonly string[] {
  const shown = transitions.slice(-shownTransitions);
  return Array.from({ length: shownTransitions }, (_, index) => {
    const transition = shown[index];
    if (transition === undefined) return '';
    const to = paint(colourOf(transition.to), stateInWords(transition.to).padEnd(9));
    return ` ${seconds(transition.atMs)}   ${to}   ${paint('dim', reasonOf(transition))}`;
  });
}

function label(text: string, colour: Colour, paint: Paint): string {
  return ` ${paint(colour, text.padEnd(labelWidth - 1))}`;
}
