import type { Display, Output } from './display.ts';
import type { Paint } from './palette.ts';
import type { Recording } from './recording.ts';
import { renderSummary } from './summary.ts';
import { renderTimeline } from './timeline.ts';

const frameMs = 50;
const hideCursor = '\u001b[?25l';
const showCursor = '\u001b[?25h';
const clearLine = '\u001b[K';
const clearBelow = '\u001b[J';
const clearScreen = '\u001b[2J\u001b[H';

/** Shows a timeline that grows in place. */
export function createLiveDisplay(recording: Recording, output: Output, paint: Paint): Display {
  let drawnLines = 0;
  const width = () => output.columns ?? 80;
  const draw = () => {
    const lines = renderTimeline(recording, width(), paint);
    const goUp = drawnLines > 0 ? `\u001b[${drawnLines}F` : '';
    output.write(`${goUp}${lines.map((line) => `${line}${clearLine}\n`).join('')}${clearBelow}`);
    drawnLines = lines.length;
  };
  const restoreCursor = () => output.write(showCursor);

  output.write(hideCursor);
  process.once('exit', restoreCursor);
  // A terminal that changes its width wraps old lines in ways that nobody can count.
  output.on?.('resize', () => {
    drawnLines = 0;
    output.write(clearScreen);
  });
  const timer = setInterval(draw, frameMs);

  return {
    onCallEnded() {},
    onTransition() {},
    onWeather() {},
    finish(report) {
      clearInterval(timer);
      draw();
      output.write(`\n${renderSummary(report, width(), paint).join('\n')}\n`);
      process.off('exit', restoreCursor);
      restoreCursor();
    },
  };
}
