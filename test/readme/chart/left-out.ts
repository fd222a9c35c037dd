import type { AnyStateMachine } from 'xstate';
import type { Selection } from './chart-selections.ts';
import { type ChartTransition, statesOf, transitionsOf } from './chart-transitions.ts';

/** What no drawing shows of a chart, in words: states without a box, and transitions that are told nowhere. */
export function leftOut(machine: AnyStateMachine, selections: readonly Selection[]): readonly string[] {
  const { root } = machine;
  const states = statesOf(root).filter(
    (state) => state !== root && !selections.some((selection) => selection.states.includes(state)),
  );
  const transitions = transitionsOf(machine).filter(
    (transition) => !selections.some((selection) => isTold(transition, selection)),
  );
  return [
    ...states.map(({ id }) => `No drawing has a box for the state ${id}.`),
    ...transitions.map(
      ({ from, to, event, guard }) =>
        `No drawing tells what leads from ${from.id} to ${to.id}: ${[event, guard].join(' ').trim()}.`,
    ),
  ];
}

/** Beneath the picture, in a box, or at an arrow. */
function isTold(transition: ChartTransition, { transitions, states, told }: Selection): boolean {
  const { from, to } = transition;
  if (!transitions.some((other) => isSame(other, transition))) return false;
  if (from.parent === undefined) return true;
  return from === to ? states.includes(from) && told.includes(from) : true;
}

function isSame(one: ChartTransition, other: ChartTransition): boolean {
  return one.from === other.from && one.to === other.to && one.event === other.event && one.guard === other.guard;
}
