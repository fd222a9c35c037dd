import type { AnyStateMachine, AnyStateNode } from 'xstate';
import { type ChartTransition, childrenOf, isWithin, statesOf, transitionsOf } from './chart-transitions.ts';
import type { DrawingName } from './drawing.ts';

/** What a drawing shows of the chart. */
export interface Selection {
  readonly name: DrawingName;
  readonly title: string;
  /** The transitions that it tells, be it as arrows, in a state's box, or beneath the picture. */
  readonly transitions: readonly ChartTransition[];
  /** The states that it has boxes for. */
  readonly states: readonly AnyStateNode[];
  /** Those of which it tells what they answer without being left, and where they begin. */
  readonly told: readonly AnyStateNode[];
}

/** What each of the three drawings shows. */
export function selectionsOf(machine: AnyStateMachine): readonly Selection[] {
  const all = transitionsOf(machine);
  const told = fleetEvents(all);
  const ofFleet = all.filter((transition) => told.includes(transition.event));
  const others = all.filter((transition) => !ofFleet.includes(transition));
  return [coreOf(machine, others), halfOpenOf(machine, others), fleetOf(machine, ofFleet, others)];
}

/** The outer states, each as one box. */
function coreOf({ root }: AnyStateMachine, others: readonly ChartTransition[]): Selection {
  const outer = childrenOf(root);
  const leadsOut = ({ from, to }: ChartTransition) =>
    from === root || outer.some((state) => isWithin(from, state) && !isWithin(to, state));
  const stays = ({ from, to }: ChartTransition) => from === to && outer.includes(from);
  return {
    name: 'core',
    title: 'The states of the circuit breaker, and what leads from one to another',
    transitions: others.filter((transition) => !isOfLease(transition) && (leadsOut(transition) || stays(transition))),
    states: outer,
    told: [root, ...outer],
  };
}

/** What is inside half-open, with its neighbours. */
function halfOpenOf({ root }: AnyStateMachine, others: readonly ChartTransition[]): Selection {
  const halfOpen = statesOf(root).filter((state) => isWithinTrials(state));
  const transitions = others.filter(({ from, to }) => halfOpen.includes(from) || halfOpen.includes(to));
  return {
    name: 'half-open',
    title: 'What happens while the circuit is half-open',
    transitions,
    states: [...new Set([...halfOpen, ...touchedBy(transitions, root)])],
    told: halfOpen,
  };
}

/** What a fleet tells, and what its leases decide. */
function fleetOf(
  { root }: AnyStateMachine,
  ofFleet: readonly ChartTransition[],
  others: readonly ChartTransition[],
): Selection {
  const ofLease = others.filter(isOfLease);
  const lent = ofLease.filter(({ from, to }) => from !== to).map(({ to }) => to);
  const dependOnLease = others.filter(
    ({ from, to, event }) => event === '' && (lent.includes(from) || lent.includes(to)),
  );
  const transitions = [...new Set([...ofFleet, ...ofLease, ...dependOnLease])];
  return {
    name: 'fleet',
    title: 'What the circuit breaker does about what its fleet tells',
    transitions,
    states: touchedBy(transitions, root),
    told: childrenOf(root).flatMap(statesOf),
  };
}

/** Whether a state has states in which calls are trials, or is one of those. */
function isWithinTrials({ parent, states, tags }: AnyStateNode): boolean {
  if (parent === undefined) return false;
  const isAround = Object.values(states).some((state) => state.tags.includes('trial'));
  return isAround || tags.includes('trial') || isWithinTrials(parent);
}

/** The states that transitions lead from and to, but for those from everywhere, and the states around them. */
function touchedBy(transitions: readonly ChartTransition[], root: AnyStateNode): readonly AnyStateNode[] {
  const ends = transitions.filter(({ from }) => from !== root).flatMap(({ from, to }) => [from, to]);
  return childrenOf(root)
    .flatMap(statesOf)
    .filter((state) => ends.some((end) => isWithin(end, state)));
}

/** What a fleet tells, and the events that are about its slots only. */
function fleetEvents(all: readonly ChartTransition[]): readonly string[] {
  return all
    .map(({ event }) => event)
    .filter((event) => {
      const isOfSlots = event !== '' && all.filter((other) => other.event === event).every(isOfLease);
      return isOfSlots || /^(fleet|lease)\.|\.actor\.fleet$/.test(event);
    });
}

/** Half-open slots that a fleet lends; what is about a trial's own lease says `release`. */
function isOfLease({ guard, actions }: ChartTransition): boolean {
  return [guard, ...actions].some((name) => /Lease|^lease|Lent/.test(name));
}
