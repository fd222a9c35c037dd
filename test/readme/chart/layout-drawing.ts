import ElkConstructor, { type ELK, type ElkNode } from 'elkjs/lib/elk.bundled.js';
import type { Drawing, DrawnArrow, DrawnState } from './drawing.ts';
import { allStates, dotId, edgeId, graphOf, type Manner } from './drawing-graph.ts';
import { bendsOf, isUpright, type Point, straightened } from './way.ts';

/** A rectangle of a picture, by its upper left corner. */
export interface Box extends Point {
  readonly width: number;
  readonly height: number;
}

/** Where everything of a drawing is, in pixels. */
export interface Layout {
  readonly width: number;
  readonly height: number;
  /** The outer ones first. */
  readonly states: readonly PlacedState[];
  readonly arrows: readonly PlacedArrow[];
  readonly starts: readonly PlacedStart[];
}

export interface PlacedState extends Box {
  readonly state: DrawnState;
}

export interface PlacedArrow {
  readonly arrow: DrawnArrow;
  readonly points: readonly Point[];
  readonly label: Box;
}

/** The dot from which an arrow leads to a first state. */
export interface PlacedStart {
  readonly dot: Box;
  readonly points: readonly Point[];
}

/** The width of a page: a picture that is wider is shown smaller than it is drawn. */
export const pageWidth = 830;

const manners = [24, 18, 12].flatMap((distance): readonly Manner[] => [
  { placement: 'NETWORK_SIMPLEX', distance },
  { placement: 'BRANDES_KOEPF', distance },
]);

/**
 * Finds a place for everything in a drawing: the calmest of several, and the same for the same drawing.
 *
 * @returns Nothing, if the drawing does not fit on a page.
 */
export async function layOut(drawing: Drawing): Promise<Layout | undefined> {
  const elk = new ElkConstructor();
  const layouts: Layout[] = [];
  for (const manner of manners) layouts.push(await layOutIn(elk, manner, drawing));
  const [best] = layouts
    .filter(({ width, arrows }) => width <= pageWidth && arrows.every(({ points }) => isUpright(points)))
    .sort((one, other) => bendsIn(one) - bendsIn(other));
  return best;
}

async function layOutIn(elk: ELK, manner: Manner, drawing: Drawing): Promise<Layout> {
  const placed = await elk.layout(graphOf(drawing, manner));
  const nodes = new Map(nodesIn(placed).map((node) => [node.id, toBox(node)]));
  const boxOf = (id: string) => nodes.get(id) ?? missing(id);
  const states = allStates(drawing.states);
  return {
    width: Math.ceil(placed.width ?? 0),
    height: Math.ceil(placed.height ?? 0),
    states: states.map((state) => ({ state, ...boxOf(state.id) })),
    arrows: drawing.arrows.map((arrow) => ({
      arrow,
      points: wayOf(edgeId(arrow), placed),
      label: labelOf(arrow, placed),
    })),
    starts: states
      .filter(({ isFirst }) => isFirst)
      .map((state) => ({
        dot: boxOf(dotId(state)),
        points: wayOf(edgeId({ from: dotId(state), to: state.id }), placed),
      })),
  };
}

function bendsIn({ arrows }: Layout): number {
  return arrows.reduce((sum, { points }) => sum + bendsOf(points), 0);
}

function nodesIn(node: ElkNode): readonly ElkNode[] {
  return [node, ...(node.children ?? []).flatMap(nodesIn)];
}

function wayOf(id: string, { edges }: ElkNode): readonly Point[] {
  const [section] = edges?.find((edge) => edge.id === id)?.sections ?? [];
  if (!section) return missing(id);
  return straightened([section.startPoint, ...(section.bendPoints ?? []), section.endPoint].map(toPoint));
}

function labelOf(arrow: DrawnArrow, { edges }: ElkNode): Box {
  const [label] = edges?.find(({ id }) => id === edgeId(arrow))?.labels ?? [];
  return label ? toBox(label) : missing(edgeId(arrow));
}

function missing(id: string): never {
  throw new Error(`The layout has no place for ${id}.`);
}

function toPoint({ x, y }: Point): Point {
  return { x: rounded(x), y: rounded(y) };
}

function toBox({ x = 0, y = 0, width = 0, height = 0 }: Partial<Box>): Box {
  return { ...toPoint({ x, y }), width: rounded(width), height: rounded(height) };
}

/** Half a pixel is as exact as a picture has to be, and the same on every machine. */
function rounded(length: number): number {
  return Math.round(length * 2) / 2;
}
