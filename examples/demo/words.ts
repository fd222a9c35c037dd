import type { BreakerState } from 'agent-circuit-breaker';
import type { Colour } from './palette.ts';
import type { Transition } from './recording.ts';
import { scenario } from './scenario.ts';

/** A state as a person reads it. */
export function stateInWords(state: BreakerState): string {
  return state === 'halfOpen' ? 'half-open' : state;
}

/** The colour of a state. */
export function colourOf(state: BreakerState): Colour {
  return state === 'closed' ? 'green' : state === 'halfOpen' ? 'yellow' : 'red';
}

/** Why a change of state came about, in this demo. */
export function reasonOf({ from, to }: Transition): string {
  if (to === 'halfOpen') return `${seconds(scenario.recoveryTimeoutMs)} are over: the next call is a trial`;
  if (from === 'halfOpen') return to === 'closed' ? 'the trial was answered' : 'the trial failed';
  return `${scenario.failureThreshold} failures in a row`;
}

/** A duration in seconds, with two decimals. */
export function seconds(ms: number): string {
  return `${(ms / 1_000).toFixed(2)} s`;
}

/** Breaks a text into lines of at most so many columns; a number stays with its unit. */
export function wrapText(text: string, width: number): readonly string[] {
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(/ (?!m?s\b)/)) {
    if (line !== '' && line.length + 1 + word.length > width) {
      lines.push(line);
      line = word;
    } else line = line === '' ? word : `${line} ${word}`;
  }
  return [...lines, line];
}
