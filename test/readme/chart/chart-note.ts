import type { AnyStateMachine } from 'xstate';
import type { Selection } from './chart-selections.ts';
import type { ChartTransition } from './chart-transitions.ts';
import { exceptionOf } from './label-text.ts';

/** The line beneath a picture: what every state answers alike, which has no arrow. Empty if there is no such thing. */
export function noteOf({ root }: AnyStateMachine, { transitions }: Selection): string {
  const common = transitions.filter(({ from }) => from === root);
  const leading = common
    .filter(({ to }) => to !== root)
    .map((transition, index) => `${eventOf(transition)} ${index === 0 ? 'leads to' : 'to'} \`${transition.to.key}\``);
  const staying = common.filter(({ to }) => to === root).map(eventOf);
  if (common.length === 0) return '';
  const parts = [
    leading.length > 0 ? listOf(leading) : '',
    staying.length > 0
      ? `${listOf(staying)} ${staying.length === 1 ? 'is' : 'are'} answered without leaving the state`
      : '',
  ];
  return `In every state that does not name the event itself, ${parts.filter((part) => part !== '').join(', and ')}.`;
}

function eventOf(transition: ChartTransition): string {
  return [`\`${transition.event}\``, exceptionOf(transition)].join(' ').trim();
}

function listOf(parts: readonly string[]): string {
  return [parts.slice(0, -1).join(', '), ...parts.slice(-1)].filter((part) => part !== '').join(' and ');
}
