import { type Call, durationMs, isFailed } from './call.ts';
import type { Display, Output } from './display.ts';
import type { Colour, Paint } from './palette.ts';
import { renderSummary } from './summary.ts';
import { colourOf, reasonOf, seconds, stateInWords } from './words.ts';

/** Shows a line for every call, and for everything else that happens. */
export function createLineDisplay(output: Output, paint: Paint): Display {
  const print = (atMs: number, who: string, text: string) =>
    output.write(`${seconds(atMs).padStart(7)}  ${who.padEnd(10)}${text}\n`);

  return {
    onCallEnded(call) {
      if (call.outcome === 'cancelled') return;
      const took = `${durationMs(call, call.askedAtMs)} ms`.padStart(7);
      const asked = call.state === null ? '' : paint(colourOf(call.state), stateInWords(call.state).padEnd(11));
      print(
        call.endedAtMs ?? call.askedAtMs,
        `caller ${call.caller}`,
        `${asked}${took}  ${paint(colourOfEnd(call), outcome(call))}`,
      );
    },
    onTransition(transition) {
      const { atMs, from, to } = transition;
      // The chart changes before the call that caused it settles, but reads better after it.
      setImmediate(() => {
        const change = `${stateInWords(from)} -> ${stateInWords(to)}`;
        print(atMs, 'breaker', paint(colourOf(to), `${change}: ${reasonOf(transition)}`));
      });
    },
    onWeather(atMs, isOutage) {
      if (isOutage) print(atMs, 'provider', paint('red', 'outage: 503, connection resets, hanging headers'));
      else print(atMs, 'provider', paint('green', 'healthy'));
    },
    finish(report) {
      output.write(`\n${renderSummary(report, output.columns ?? 80, paint).join('\n')}\n`);
    },
  };
}

function outcome({ state, outcome, detail }: Call): string {
  return state === 'halfOpen' && outcome !== 'rejected' ? `trial: ${detail}` : detail;
}

function colourOfEnd(call: Call): Colour {
  if (isFailed(call)) return 'red';
  return call.outcome === 'rejected' ? 'cyan' : 'green';
}
