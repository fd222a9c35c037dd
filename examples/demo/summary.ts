import type { Colour, Paint } from './palette.ts';
import type { DemoReport, LaneReport } from './report.ts';
import { seconds, wrapText } from './words.ts';

const widest = 80;
const valueWidth = 11;
const labelWidth = 12;

interface Fact {
  readonly label: string;
  readonly text: string;
  readonly colour?: Colour;
}

/**
 * Writes the report for a person to read.
 *
 * @param width - Columns of the terminal.
 */
export function renderSummary(report: DemoReport, width: number, paint: Paint): readonly string[] {
  const columns = Math.min(width, widest) - 1;
  return [
    ...renderTable(report, columns, paint),
    '',
    ...facts(report).flatMap((fact) => renderFact(fact, columns, paint)),
  ];
}

function renderTable(report: DemoReport, columns: number, paint: Paint): readonly string[] {
  const line = (label: string, left: string, right: string) =>
    ` ${label.padEnd(columns - 1 - 2 * valueWidth)}${left.padStart(valueWidth)}${right.padStart(valueWidth)}`;
  const row = (label: string, read: (lane: LaneReport) => number | null, show: (value: number) => string = String) =>
    line(label, orDash(read(report.withBreaker), show), orDash(read(report.withoutBreaker), show));

  const title = report.isInterrupted ? 'Summary, interrupted after' : 'Summary after';
  return [
    paint('bold', line(`${title} ${seconds(report.durationMs)}`, 'breaker', 'no breaker')),
    row('calls asked', ({ asked }) => asked),
    row('reached the provider, by its count', ({ reachedProvider }) => reachedProvider),
    row('never reached it', ({ neverReachedProvider }) => neverReachedProvider),
    row('answered', ({ answered }) => answered),
    row('failed at the provider', ({ failed }) => failed),
    row('rejected at once by the breaker', ({ rejected }) => rejected),
    row('  asked when the outage was over', ({ rejectedAfterOutage }) => rejectedAfterOutage),
    ...(report.isInterrupted ? [row('given up by the interruption', ({ cancelled }) => cancelled)] : []),
    row('waiting for failures, all callers', ({ waitedForFailuresMs }) => waitedForFailuresMs, seconds),
    row('first answer after the outage', ({ firstAnswerAfterOutageMs }) => firstAnswerAfterOutageMs, seconds),
  ];
}

function facts({ counts, timeToDetectMs, timeToRecoverMs, waitingSaved, withBreaker }: DemoReport): readonly Fact[] {
  const verdict = counts.agree ? 'They agree.' : 'They DISAGREE.';
  const { measuredMs, estimatedMs, meanFailureMs, rejectedDuringOutage } = waitingSaved;
  const estimate =
    estimatedMs === null
      ? ''
      : ` Estimated from the breaker's side alone: ${rejectedDuringOutage} calls rejected during the outage` +
        ` x ${meanFailureMs} ms, the mean of those that failed = ${seconds(estimatedMs)}.`;
  return [
    {
      label: 'counts',
      text: `The provider counted ${counts.provider} requests, the breaker ${counts.breaker} calls let through. ${verdict}`,
      colour: counts.agree ? 'green' : 'red',
    },
    { label: 'detected', text: since(timeToDetectMs, 'the start of the outage to the open circuit') },
    { label: 'recovered', text: since(timeToRecoverMs, 'the end of the outage to the closed circuit') },
    {
      label: 'saved',
      text: `${withBreaker.neverReachedProvider} calls, and ${seconds(measuredMs)} of waiting for failures`,
    },
    {
      label: '',
      text: `Measured: the same calls went at the same time, without a breaker, to a second provider with the same outage.${estimate}`,
      colour: 'dim',
    },
  ];
}

function renderFact({ label, text, colour }: Fact, columns: number, paint: Paint): readonly string[] {
  return wrapText(text, columns - labelWidth).map((line, index) => {
    const heading = paint('bold', (index === 0 ? label : '').padEnd(labelWidth - 1));
    return ` ${heading}${colour ? paint(colour, line) : line}`;
  });
}

function since(ms: number | null, span: string): string {
  return ms === null ? 'not yet' : `${seconds(ms)} from ${span}`;
}

function orDash(value: number | null, show: (value: number) => string): string {
  return value === null ? '-' : show(value);
}
