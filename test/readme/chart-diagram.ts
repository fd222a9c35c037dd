import type { AnyStateNode } from 'xstate';
import { circuitBreakerMachine } from '../../machines/circuit-breaker.machine.ts';

/** A transition as an arrow or a loop of the picture. */
interface Arrow {
  readonly from: AnyStateNode;
  readonly to: AnyStateNode;
  readonly event: string;
  readonly guard: string;
  readonly hasEffect: boolean;
}

/**
 * Draws the breaker's chart as a Mermaid state diagram.
 *
 * A command that the root answers is a note on the state that it leads to, instead of an arrow from every other. Left out are transitions that change nothing, those that only date an event, and what a state with
 * substates does without leaving, for which Mermaid has no picture.
 *
 * @returns The text of the diagram, which ends with a line break.
 */
export function drawChart(): string {
  const { root } = circuitBreakerMachine;
  const lines = [
    'stateDiagram-v2',
    ...drawStates(root),
    ...arrowsOf(root).flatMap(({ event, to }) =>
      to.parent === root ? [`  note right of ${to.key} : ${event}, from every state`] : [],
    ),
  ];
  return `${lines.join('\n')}\n`;
}

/** Draws the states inside a state, the first one first, each with what leads out of it. */
function drawStates(parent: AnyStateNode, indent = '  '): readonly string[] {
  const states = childrenOf(parent);
  return [
    ...parent.initial.target.map((first) => `${indent}[*] --> ${first.key}`),
    ...states.flatMap((state) => [...drawInside(state, indent), ...drawArrows(arrowsIn(parent, state), indent)]),
  ];
}

function drawInside(state: AnyStateNode, indent: string): readonly string[] {
  if (childrenOf(state).length === 0) return [];
  return [`${indent}state ${state.key} {`, ...drawStates(state, `${indent}  `), `${indent}}`];
}

/**
 * The arrows that are drawn beside a state. Mermaid has no arrow from a state to one inside it, nor does it understand
 * one that leaves a state from inside: the first comes from every other substate, the second from the state as a whole.
 */
function arrowsIn(parent: AnyStateNode, state: AnyStateNode): readonly Arrow[] {
  const fromParent = arrowsOf(parent)
    .filter(({ to }) => to.parent === parent && to !== state && parent.parent)
    .map((arrow) => ({ ...arrow, from: state }));
  const fromInside = childrenOf(state)
    .flatMap((child) => arrowsOf(child).filter(({ to }) => to.parent !== state))
    .map((arrow) => ({ ...arrow, from: state }));
  const own = arrowsOf(state).filter(({ to }) => to.parent === parent);
  return [...own, ...fromParent, ...fromInside];
}

/** Transitions between the same two states share an arrow. */
function drawArrows(arrows: readonly Arrow[], indent: string): readonly string[] {
  const labels = new Map<string, Set<string>>();
  for (const arrow of arrows) {
    if (arrow.from === arrow.to && (!arrow.hasEffect || childrenOf(arrow.from).length > 0)) continue;
    const ends = `${arrow.from.key} --> ${arrow.to.key}`;
    const label = [arrow.event, arrow.guard && `[${arrow.guard}]`].filter((part) => part !== '').join(' ');
    labels.set(ends, (labels.get(ends) ?? new Set()).add(label));
  }
  return [...labels].map(([ends, texts]) => `${indent}${ends} : ${[...texts].join('<br>')}`);
}

/** The transitions of a state: those without an event first, then those that time makes, then the others. */
function arrowsOf(state: AnyStateNode): readonly Arrow[] {
  const always = (state.always ?? []).map((transition) => ({ transition, event: '' }));
  const others = [...state.transitions].flatMap(([type, transitions]) =>
    transitions.map((transition) => ({ transition, event: eventName(type) })),
  );
  const isDelayed = ({ event }: { readonly event: string }) => event.startsWith('after ');
  return [...always, ...others.filter(isDelayed), ...others.filter((other) => !isDelayed(other))].map(
    ({ transition, event }) => ({
      from: state,
      to: transition.target?.[0] ?? state,
      event,
      guard: guardName(nameOf(transition.guard)),
      hasEffect: transition.actions.some((action) => !['dateEvent', 'drawLot'].includes(nameOf(action))),
    }),
  );
}

/** That what a fleet says is heard in a fleet only goes without saying. */
function guardName(name: string): string {
  return name === 'hasFleet' ? '' : name;
}

/** A delayed transition is told by its delay. */
function eventName(type: string): string {
  const [, delay] = /^xstate\.after\.([^.]+)\./.exec(type) ?? [];
  return delay === undefined ? type : `after ${delay}`;
}

/** The name of a guard or an action, which is given by itself or with parameters. */
function nameOf(reference: unknown): string {
  if (typeof reference === 'string') return reference;
  if (typeof reference === 'object' && reference !== null && 'type' in reference) return String(reference.type);
  return '';
}

function childrenOf(state: AnyStateNode): readonly AnyStateNode[] {
  return Object.values(state.states);
}
