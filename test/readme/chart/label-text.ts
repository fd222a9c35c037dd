import type { ChartTransition } from './chart-transitions.ts';
import type { Line } from './drawing.ts';

/** Guards that go without saying: what a fleet tells is heard in a fleet only. */
const unsaid: readonly string[] = ['hasFleet'];

/**
 * What leads along one arrow: each event and, in brackets, what decides.
 *
 * @param longest - The most letters of a line, where its words allow it.
 */
export function arrowLines(transitions: readonly ChartTransition[], longest: number): readonly Line[] {
  const texts = textsOf(transitions);
  return [...new Set(texts.map(({ event }) => event))].flatMap((event) => {
    const guards = texts.filter((text) => text.event === event && text.guard !== '').map(({ guard }) => guard);
    return linesOf(event, guards, longest);
  });
}

/** What a state answers without being left; what does not fit into a line goes on in the next one. */
export function stayLines(transitions: readonly ChartTransition[], longest: number): readonly Line[] {
  return textsOf(transitions).flatMap(({ event, guard }) =>
    brokenLines(
      [event, guard].filter((part) => part !== ''),
      longest,
    ).map((text): Line => [{ text, kind: 'stay' }]),
  );
}

/** The states that ignore an event, in words; empty without any. */
export function exceptionOf({ except }: ChartTransition): string {
  return except.length === 0 ? '' : `(not in ${except.map(({ key }) => key).join(', ')})`;
}

/** The parts of a text, with a space between them, in lines that are no longer than allowed, where a part is not. */
export function brokenLines(parts: readonly string[], longest: number): readonly string[] {
  const lines: string[] = [];
  for (const part of parts) {
    const longer = [...lines.slice(-1), part].join(' ');
    if (longer.length <= longest) lines.splice(-1, 1, longer);
    else lines.push(part);
  }
  return lines;
}

function linesOf(event: string, guards: readonly string[], longest: number): readonly Line[] {
  const [guard, ...others] = guards;
  const first = { text: event, kind: 'event' as const };
  if (guard === undefined) return [[first]];
  if (event !== '' && others.length === 0 && event.length + 1 + guard.length <= longest)
    return [[first, { text: guard, kind: 'guard' }]];
  const indent = event === '' ? '' : '  ';
  const guardLines = guards.flatMap((text) =>
    brokenLines(text.split(' '), longest + 2).map((line, index) => `${indent}${index === 0 ? '' : ' '}${line}`),
  );
  return [...(event === '' ? [] : [[first]]), ...guardLines.map((text): Line => [{ text, kind: 'guard' }])];
}

interface TransitionText {
  readonly event: string;
  readonly guard: string;
}

/** What does the same on other grounds is told once; a guard says nothing where there is the same without one. */
function textsOf(transitions: readonly ChartTransition[]): readonly TransitionText[] {
  const texts = new Map<string, TransitionText>();
  for (const transition of transitions) {
    const event = [shortEvent(transition.event), exceptionOf(transition)].join(' ').trim();
    const guard = transitions.some((other) => other.event === transition.event && decisionOf(other) === '')
      ? ''
      : decisionOf(transition);
    texts.set(`${event} ${guard}`, { event, guard });
  }
  return [...texts.values()];
}

function decisionOf({ guard }: ChartTransition): string {
  return guard === '' || unsaid.includes(guard) ? '' : `[${wordsOf(guard)}]`;
}

/** The name of a guard as words, without the verb that makes it a question: `isLastHold` is a `last hold`. */
function wordsOf(guard: string): string {
  return guard
    .replace(/^is(?=[A-Z])/, '')
    .replace(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`)
    .trim();
}

/** XState's own events are told by what they tell: `error.actor.fleet`. */
function shortEvent(event: string): string {
  return event.replace(/^xstate\./, '');
}
