import type { WriteStream } from 'node:tty';
import { createLineDisplay } from './line-display.ts';
import { createLiveDisplay } from './live-display.ts';
import { choosePaint } from './palette.ts';
import type { Observer, Recording } from './recording.ts';
import type { DemoReport } from './report.ts';

/** Shows the demo while it runs, and what came of it. */
export interface Display extends Observer {
  /** Shows the end: the report of everything that was recorded. */
  finish(report: DemoReport): void;
}

/** Where a display draws; `process.stdout` is one. */
export type Output = Pick<NodeJS.WriteStream, 'write'> &
  Partial<Pick<WriteStream, 'isTTY' | 'columns' | 'rows' | 'on'>>;

const narrowest = 70;
const fewestRows = 24;

/**
 * Chooses a display: a picture that is drawn anew all the time on a terminal that is large enough, lines anywhere else,
 * one JSON document where that is wanted.
 */
export function chooseDisplay(
  recording: Recording,
  output: Output,
  environment: NodeJS.ProcessEnv,
  isJson: boolean,
): Display {
  if (isJson) return createJsonDisplay(output);
  const isTerminal = output.isTTY === true;
  const paint = choosePaint(isTerminal, environment);
  const { columns = 80, rows = 0 } = output;
  const canMove = isTerminal && environment.TERM !== 'dumb' && columns >= narrowest && rows >= fewestRows;
  return canMove ? createLiveDisplay(recording, output, paint) : createLineDisplay(output, paint);
}

function createJsonDisplay(output: Output): Display {
  return {
    onCallEnded() {},
    onTransition() {},
    onWeather() {},
    finish: (report) => output.write(`${JSON.stringify(report, undefined, 2)}\n`),
  };
}
