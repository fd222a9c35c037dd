export interface Point {
  readonly x: number;
  readonly y: number;
}

/** What moves a line aside by less is taken out. */
const smallestStep = 14;

/** Whether a line only goes level and upright. */
export function isUpright(points: readonly Point[]): boolean {
  return points.slice(1).every(({ x, y }, index) => x === points[index]?.x || y === points[index]?.y);
}

/** How often a line changes its direction. */
export function bendsOf(points: readonly Point[]): number {
  return Math.max(0, points.length - 2);
}

/** A line that begins and ends upright, without a small step at either end: it begins, or ends, a little aside instead. */
export function straightened(points: readonly Point[]): readonly Point[] {
  return reversed(withoutFirstStep(reversed(withoutFirstStep(points))));
}

function reversed(points: readonly Point[]): readonly Point[] {
  return [...points].reverse();
}

function withoutFirstStep(points: readonly Point[]): readonly Point[] {
  const [begin, before, after, ...others] = points;
  if (!begin || !before || !after || others.length === 0) return points;
  const isStep = before.y === after.y && Math.abs(before.x - after.x) < smallestStep;
  return isStep ? [{ x: after.x, y: begin.y }, ...others] : points;
}

/** The path of a line in an SVG, with its bends rounded. */
export function pathOf(points: readonly Point[]): string {
  return points
    .map((point, index) => {
      const [before, after] = [points[index - 1], points[index + 1]];
      if (!before) return `M${at(point)}`;
      if (!after) return `L${at(point)}`;
      const radius = Math.min(7, distance(before, point) / 2, distance(point, after) / 2);
      return `L${at(towards(point, before, radius))}Q${at(point)} ${at(towards(point, after, radius))}`;
    })
    .join('');
}

function at({ x, y }: Point): string {
  return `${x},${y}`;
}

function distance(one: Point, other: Point): number {
  return Math.abs(one.x - other.x) + Math.abs(one.y - other.y);
}

/** A point on the straight way from one to another, which is level or upright. */
function towards(from: Point, to: Point, by: number): Point {
  return { x: from.x + by * Math.sign(to.x - from.x), y: from.y + by * Math.sign(to.y - from.y) };
}
