import type { ElkExtendedEdge, ElkNode, LayoutOptions } from 'elkjs/lib/elk.bundled.js';
import type { Drawing, DrawnArrow, DrawnState } from './drawing.ts';
import { labelPadding, lineHeight, lineText, nameHeight, nameWidthOf, statePadding, widthOf } from './text-size.ts';

/** How a drawing may be laid out. */
export interface Manner {
  /** How the layout lines up what stands below each other. */
  readonly placement: 'NETWORK_SIMPLEX' | 'BRANDES_KOEPF';
  /** How far what stands side by side is apart. */
  readonly distance: number;
}

const layoutOptions: LayoutOptions = {
  'elk.algorithm': 'layered',
  'elk.direction': 'DOWN',
  'elk.hierarchyHandling': 'INCLUDE_CHILDREN',
  'elk.json.edgeCoords': 'ROOT',
  'elk.json.shapeCoords': 'ROOT',
  'elk.edgeRouting': 'ORTHOGONAL',
  'elk.padding': '[top=10,left=8,bottom=10,right=8]',
  'elk.layered.cycleBreaking.strategy': 'MODEL_ORDER',
  'elk.layered.considerModelOrder.strategy': 'NODES_AND_EDGES',
};

const dotSize = 12;

/** A drawing as the graph that is laid out, with how much room everything in it takes. */
export function graphOf({ states, arrows }: Drawing, manner: Manner): ElkNode {
  return {
    id: 'drawing',
    layoutOptions: { ...layoutOptions, ...mannerOptions(manner) },
    children: nodesOf(states, manner),
    edges: [...startEdges(states), ...arrows.map(edgeOf)],
  };
}

/** The id of the dot from which an arrow leads to a first state. */
export function dotId({ id }: DrawnState): string {
  return `begin ${id}`;
}

/** The id of an arrow. */
export function edgeId({ from, to }: Pick<DrawnArrow, 'from' | 'to'>): string {
  return `${from} to ${to}`;
}

/** All states of a drawing, the outer ones first. */
export function allStates(states: readonly DrawnState[]): readonly DrawnState[] {
  return states.flatMap((state) => [state, ...allStates(state.inside)]);
}

function startEdges(states: readonly DrawnState[]): readonly ElkExtendedEdge[] {
  return allStates(states)
    .filter(({ isFirst }) => isFirst)
    .map((state) => {
      const ends = { from: dotId(state), to: state.id };
      return { id: edgeId(ends), sources: [ends.from], targets: [ends.to] };
    });
}

function nodesOf(states: readonly DrawnState[], manner: Manner): ElkNode[] {
  const dots = states
    .filter(({ isFirst }) => isFirst)
    .map((state) => ({ id: dotId(state), width: dotSize, height: dotSize }));
  return [...dots, ...states.map((state) => nodeOf(state, manner))];
}

function nodeOf({ id, name, lines, inside }: DrawnState, manner: Manner): ElkNode {
  const width = Math.max(nameWidthOf(name), ...lines.map(widthOf)) + 2 * statePadding.x;
  const height = (name === '' ? 0 : nameHeight) + lines.length * lineHeight + 2 * statePadding.y;
  if (inside.length === 0) return { id, width, height };
  return {
    id,
    layoutOptions: {
      ...mannerOptions(manner),
      'elk.layered.cycleBreaking.strategy': 'BFS_NODE_ORDER',
      'elk.padding': `[top=${height + 8},left=14,bottom=18,right=14]`,
      'elk.nodeSize.constraints': 'MINIMUM_SIZE',
      'elk.nodeSize.minimum': `(${width},${height})`,
    },
    children: nodesOf(inside, manner),
  };
}

/** What a state does not take over from what is around it. */
function mannerOptions({ placement, distance }: Manner): LayoutOptions {
  return {
    'elk.layered.nodePlacement.strategy': placement,
    'elk.spacing.nodeNode': String(distance),
    'elk.spacing.edgeNode': '16',
    'elk.spacing.edgeEdge': '14',
    'elk.spacing.edgeLabel': '4',
    'elk.layered.spacing.nodeNodeBetweenLayers': '24',
    'elk.layered.spacing.edgeNodeBetweenLayers': '16',
    'elk.layered.spacing.edgeEdgeBetweenLayers': '12',
  };
}

function edgeOf(arrow: DrawnArrow): ElkExtendedEdge {
  const { from, to, lines } = arrow;
  return {
    id: edgeId(arrow),
    sources: [from],
    targets: [to],
    labels: [
      {
        text: lines.map(lineText).join('\n'),
        width: Math.max(...lines.map(widthOf)) + 2 * labelPadding.x,
        height: lines.length * lineHeight + 2 * labelPadding.y,
        layoutOptions: { 'elk.edgeLabels.inline': 'true' },
      },
    ],
  };
}
