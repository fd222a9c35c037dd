import type { AnyStateMachine, AnyStateNode } from 'xstate';

/** A transition of the chart, in the words in which it is drawn. */
export interface ChartTransition {
  readonly from: AnyStateNode;
  /** Where it leads to; the state itself where it stays. */
  readonly to: AnyStateNode;
  /** The event, or the delay after which it comes; empty for one that comes by itself. */
  readonly event: string;
  /** The name of the guard; empty without one. */
  readonly guard: string;
  readonly actions: readonly string[];
  readonly description: string;
  /** The states inside that ignore the event, though they would answer it otherwise. */
  readonly except: readonly AnyStateNode[];
}

/**
 * The transitions of a chart that do something: not those that ignore an event, and not those that raise it anew, with its
 * date for example. An event that is the former name of another one goes without saying.
 *
 * @throws If a guard or an action has no name.
 */
export function transitionsOf(machine: AnyStateMachine): readonly ChartTransition[] {
  const all = statesOf(machine.root).flatMap(ownTransitions);
  const former = all
    .filter(({ description }) => description.startsWith('The former name of'))
    .map(({ event }) => event);
  return all.filter((transition) => isDrawn(machine, transition) && !former.includes(transition.event));
}

/** A state and all inside it, the outer ones first. */
export function statesOf(state: AnyStateNode): readonly AnyStateNode[] {
  return [state, ...childrenOf(state).flatMap(statesOf)];
}

/** The states directly inside a state. */
export function childrenOf(state: AnyStateNode): readonly AnyStateNode[] {
  return Object.values(state.states);
}

/** Whether a state is the other one or inside it. */
export function isWithin(state: AnyStateNode, outer: AnyStateNode): boolean {
  return state === outer || (state.parent !== undefined && isWithin(state.parent, outer));
}

/** The transitions of one state: those that time makes first, then those that come by themselves, then the others. */
function ownTransitions(state: AnyStateNode): readonly ChartTransition[] {
  const always = (state.always ?? []).map((transition) => ({ transition, event: '' }));
  const others = [...state.transitions].flatMap(([type, transitions]) =>
    transitions.map((transition) => ({ transition, event: eventName(type) })),
  );
  const isDelayed = ({ event }: { readonly event: string }) => event.startsWith('after ');
  const inOrder = [...others.filter(isDelayed), ...always, ...others.filter((other) => !isDelayed(other))];
  return inOrder.map(({ transition, event }) => ({
    from: state,
    to: transition.target?.[0] ?? state,
    event,
    guard: transition.guard === undefined ? '' : nameOf(transition.guard, state, event),
    actions: transition.actions.map((action) => nameOf(action, state, event)),
    description: transition.description ?? '',
    except: statesOf(state).filter((inner) => inner !== state && ignores(inner, event)),
  }));
}

function isDrawn(machine: AnyStateMachine, { from, to, actions }: ChartTransition): boolean {
  return from !== to || (actions.length > 0 && !actions.some((action) => raises(machine, action)));
}

/** Whether a state forbids an event, which states around it may answer. */
function ignores({ transitions }: AnyStateNode, event: string): boolean {
  const own = transitions.get(event) ?? [];
  return own.some(({ target, guard, actions }) => !target && guard === undefined && actions.length === 0);
}

/** Whether an action raises an event, whose transition then says what is done. */
function raises({ implementations }: AnyStateMachine, name: string): boolean {
  const action: unknown = implementations.actions[name];
  return typeof action === 'function' && 'type' in action && action.type === 'xstate.raise';
}

/** A delayed transition is told by its delay. */
function eventName(type: string): string {
  const [, delay] = /^xstate\.after\.([^.]+)\./.exec(type) ?? [];
  return delay === undefined ? type : `after ${delay}`;
}

/** The name of a guard or an action, which is given by itself or with parameters. */
function nameOf(reference: unknown, { id }: AnyStateNode, event: string): string {
  if (typeof reference === 'string') return reference;
  if (typeof reference === 'object' && reference !== null && 'type' in reference) return String(reference.type);
  throw new Error(`What ${id} does about ${event || 'itself'} has no name and cannot be drawn. Name it in the setup.`);
}
