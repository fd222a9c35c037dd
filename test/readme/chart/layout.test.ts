import { describe, expect, it } from 'vitest';
import { createMachine } from 'xstate';
import { circuitBreakerMachine } from '../../../machines/circuit-breaker.machine.ts';
import { pictureOf } from './chart-picture.ts';
import { selectionsOf } from './chart-selections.ts';
import { type Box, type PlacedState, pageWidth } from './layout-drawing.ts';
import { labelPadding, letterSize, nameWidthOf, widthOf } from './text-size.ts';
import { isUpright, type Point } from './way.ts';

const layouts = await Promise.all(
  selectionsOf(circuitBreakerMachine).map(async (selection) => {
    const { layout } = await pictureOf(circuitBreakerMachine, selection);
    return { name: selection.name, layout };
  }),
);

describe.each(layouts)('the drawing of $name', ({ layout }) => {
  const { width, height, states, arrows, starts } = layout;
  const labels = arrows.map(({ label }) => label);
  const leaves = states.filter(({ state }) => state.inside.length === 0);

  it('has letters of 12 pixels at the width of a page', () => {
    expect(letterSize * Math.min(1, pageWidth / width)).toBeGreaterThanOrEqual(12);
  });

  it('has nothing outside of it', () => {
    const page = { x: 0, y: 0, width, height };
    expect([...states, ...labels].filter((box) => !contains(page, box))).toEqual([]);
    const points = [...arrows, ...starts].flatMap((way) => way.points);
    expect(points.filter(({ x, y }) => !contains(page, { x, y, width: 0, height: 0 }))).toEqual([]);
  });

  it('has room for every line of text', () => {
    for (const { state, width: room } of states)
      for (const needed of [nameWidthOf(state.name), ...state.lines.map(widthOf)]) expect(needed).toBeLessThan(room);
    for (const { arrow, label } of arrows)
      for (const line of arrow.lines) expect(widthOf(line)).toBeLessThanOrEqual(label.width - 2 * labelPadding.x + 0.5);
  });

  it('has no label that meets another one, or a box', () => {
    for (const [index, label] of labels.entries()) {
      expect(labels.slice(index + 1).filter((other) => meet(label, other))).toEqual([]);
      expect(leaves.filter((state) => meet(label, state))).toEqual([]);
      const crossed = states.filter((state) => meet(label, state) && !contains(state, label));
      expect(crossed).toEqual([]);
    }
  });

  it('has no arrow that goes through a label other than its own, or through a box without others in it', () => {
    for (const { arrow, points } of arrows) {
      const pieces = piecesOf(points);
      const others = arrows.filter((other) => other.arrow !== arrow).map(({ label }) => label);
      const met = [...others, ...leaves].filter((box) => pieces.some((piece) => meet(piece, box)));
      expect(met, `${arrow.from} to ${arrow.to}`).toEqual([]);
    }
  });

  it('has arrows that go level or upright, through their label, from one box to the other', () => {
    for (const { arrow, points, label } of arrows) {
      expect(isUpright(points)).toBe(true);
      expect(piecesOf(points).some((piece) => meet(piece, label))).toBe(true);
      const ends = [points[0], points.at(-1)].map((point) => idsAt(point, states));
      expect(ends[0]).toContain(arrow.from);
      expect(ends[1]).toContain(arrow.to);
    }
  });

  it('has no arrow that lies on another one', () => {
    const pieces = [...arrows, ...starts].map(({ points }) => piecesOf(points));
    for (const [index, own] of pieces.entries())
      for (const other of pieces.slice(index + 1))
        for (const piece of own) expect(other.filter((one) => isBeside(piece, one))).toEqual([]);
  });
});

describe('a drawing that does not fit on a page', () => {
  it('is refused, with what to do', async () => {
    const wide = createMachine({ initial: 'long'.repeat(25), states: { ['long'.repeat(25)]: {} } });
    const [core] = selectionsOf(wide);
    await expect(core && pictureOf(wide, core)).rejects.toThrow(/core is wider than 830 pixels.*chart-selections\.ts/);
  });
});

function contains(outer: Box, inner: Box): boolean {
  const isInside = inner.x >= outer.x && inner.x + inner.width <= outer.x + outer.width;
  return isInside && inner.y >= outer.y && inner.y + inner.height <= outer.y + outer.height;
}

/** Whether two rectangles have more than an edge in common. */
function meet(one: Box, other: Box): boolean {
  const isBesides = one.x + one.width <= other.x || other.x + other.width <= one.x;
  return !isBesides && one.y + one.height > other.y && other.y + other.height > one.y;
}

/** The straight pieces of a line, as rectangles. */
function piecesOf(points: readonly Point[]): readonly Box[] {
  return points.slice(1).map(({ x, y }, index) => {
    const { x: fromX, y: fromY } = points[index] ?? { x, y };
    return { x: Math.min(x, fromX), y: Math.min(y, fromY), width: Math.abs(x - fromX), height: Math.abs(y - fromY) };
  });
}

/** Whether two pieces run side by side, nearer than one can tell apart. */
function isBeside(one: Box, other: Box): boolean {
  const gap = 5;
  if (one.width === 0 && other.width === 0) return meet(widened(one, gap, 0), widened(other, 0.1, 0));
  return one.height === 0 && other.height === 0 && meet(widened(one, 0, gap), widened(other, 0, 0.1));
}

function widened({ x, y, width, height }: Box, sideways: number, upwards: number): Box {
  return { x: x - sideways, y: y - upwards, width: width + 2 * sideways, height: height + 2 * upwards };
}

/** The states that a point is at the edge of. */
function idsAt(point: Point | undefined, states: readonly PlacedState[]): readonly string[] {
  if (!point) return [];
  const at = { ...point, width: 0, height: 0 };
  return states.filter((box) => contains(widened(box, 1, 1), at)).map(({ state }) => state.id);
}
