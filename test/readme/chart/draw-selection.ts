import type { AnyStateMachine, AnyStateNode } from 'xstate';
import type { Selection } from './chart-selections.ts';
import { childrenOf, isWithin, statesOf } from './chart-transitions.ts';
import type { Drawing, DrawnArrow, DrawnState, Line, Span, Tone } from './drawing.ts';
import { arrowLines, brokenLines, stayLines } from './label-text.ts';

/**
 * Makes a picture of what a drawing shows. A neighbour, of which it does not tell more, has a box above everything for what
 * comes from it, and one beneath for what leads to it.
 *
 * @param longest - The most letters of a line of text, where its words allow it.
 */
export function drawSelection({ root }: AnyStateMachine, selection: Selection, longest: number): Drawing {
  const { name, title, told } = selection;
  const boxes = boxesIn(root, selection, longest);
  const isNeighbour = ({ id }: DrawnState) => !told.some((state) => state.id === id);
  const neighbours = boxes.filter(isNeighbour);
  const arrows = arrowsOf(root, selection, longest).map((arrow) =>
    neighbours.some(({ id }) => id === arrow.to) ? { ...arrow, to: idBeneath(arrow.to) } : arrow,
  );
  const beneath = neighbours.map((box) => ({ ...box, id: idBeneath(box.id) }));
  return {
    name,
    title,
    states: [
      ...neighbours.filter(({ id }) => arrows.some(({ from }) => from === id)),
      ...boxes.filter((box) => !isNeighbour(box)),
      ...beneath.filter(({ id }) => arrows.some(({ to }) => to === id)),
    ],
    arrows,
  };
}

function idBeneath(id: string): string {
  return `${id} beneath`;
}

function boxesIn(state: AnyStateNode, selection: Selection, longest: number): readonly DrawnState[] {
  return childrenOf(state)
    .filter((child) => selection.states.includes(child))
    .map((child) => boxOf(child, selection, longest));
}

function boxOf(state: AnyStateNode, selection: Selection, longest: number): DrawnState {
  const { parent } = state;
  const inside = boxesIn(state, selection, longest);
  const common = leadsInside(state, selection) ? [commonBox(state, selection, longest)] : [];
  return {
    id: state.id,
    name: state.key,
    tone: toneOf(state),
    lines: [
      ...listLines(state.tags, 'tag', longest),
      ...(inside.length > 0
        ? []
        : listLines(
            childrenOf(state).map(({ key }) => key),
            'inside',
            longest,
          )),
      ...(common.length > 0 ? [] : staysOf(state, selection, longest)),
    ],
    inside: [...common, ...inside],
    isFirst: parent !== undefined && selection.told.includes(parent) && parent.initial.target.includes(state),
    isCommon: false,
  };
}

/** What all states of a box answer alike has a box of its own where it leads from one of them to another. */
function commonBox(state: AnyStateNode, selection: Selection, longest: number): DrawnState {
  const lines: readonly Line[] = [
    [{ text: 'in each of these', kind: 'inside' }],
    ...staysOf(state, selection, longest),
  ];
  return { id: commonId(state), name: '', tone: 'plain', lines, inside: [], isFirst: false, isCommon: true };
}

function leadsInside(state: AnyStateNode, { transitions, states }: Selection): boolean {
  return transitions.some(
    ({ from, to }) => from === state && to !== state && isWithin(to, state) && states.includes(to),
  );
}

function commonId({ id }: AnyStateNode): string {
  return `${id}.*`;
}

function staysOf(state: AnyStateNode, { told, transitions }: Selection, longest: number): readonly Line[] {
  return told.includes(state)
    ? stayLines(
        transitions.filter(({ from, to }) => from === state && to === state),
        longest,
      )
    : [];
}

function listLines(names: readonly string[], kind: Span['kind'], longest: number): readonly Line[] {
  const parts = names.map((name, index) => (index < names.length - 1 ? `${name},` : name));
  return brokenLines(parts, longest).map((text) => [{ text, kind }]);
}

/** One arrow for each pair of states; a state without a box is told by the one around it. */
function arrowsOf(root: AnyStateNode, selection: Selection, longest: number): readonly DrawnArrow[] {
  const { states, transitions } = selection;
  const boxes = states.flatMap((from) => states.map((to) => ({ from, to }))).filter(({ from, to }) => from !== to);
  return boxes.flatMap(({ from, to }) => {
    const along = transitions.filter(
      (transition) =>
        transition.from !== root && boxed(transition.from, states) === from && boxed(transition.to, states) === to,
    );
    if (along.length === 0) return [];
    return [{ from: isWithin(to, from) ? commonId(from) : from.id, to: to.id, lines: arrowLines(along, longest) }];
  });
}

function boxed(state: AnyStateNode, states: readonly AnyStateNode[]): AnyStateNode {
  return states.includes(state) || state.parent === undefined ? state : boxed(state.parent, states);
}

/** Half-open is yellow, and so is what tries in it; elsewhere a state's tags say how it is. */
function toneOf(state: AnyStateNode): Tone {
  if (statesOf(state).some(({ tags }) => tags.includes('trial'))) return 'trial';
  if (state.tags.includes('rejecting')) return 'rejecting';
  return state.tags.includes('admitting') ? 'admitting' : 'plain';
}
