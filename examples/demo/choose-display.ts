import type { Display, Output } from './display.ts';
import { createLineDisplay } from './line-display.ts';
import { createLiveDisplay } from './live-display.ts';
import { choosePaint } from './palette.ts';
import type { Recording } from './recording.ts';

const narrowest = 80;
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
