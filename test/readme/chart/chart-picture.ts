import type { AnyStateMachine } from 'xstate';
import type { Selection } from './chart-selections.ts';
import { drawSelection } from './draw-selection.ts';
import type { Drawing } from './drawing.ts';
import { type Layout, layOut, pageWidth } from './layout-drawing.ts';

/** A drawing, and where everything in it is. */
export interface Picture {
  readonly drawing: Drawing;
  readonly layout: Layout;
}

/** How many letters a line has: as many as fit on a page. */
const lineLengths = [30, 28, 26, 24, 22, 20, 18];

/**
 * Draws what a drawing shows, with its lines broken as seldom as the width of a page allows.
 *
 * @throws If it does not fit on a page in any way.
 */
export async function pictureOf(machine: AnyStateMachine, selection: Selection): Promise<Picture> {
  for (const longest of lineLengths) {
    const drawing = drawSelection(machine, selection, longest);
    const layout = await layOut(drawing);
    if (layout) return { drawing, layout };
  }
  throw new Error(
    `The drawing ${selection.name} is wider than ${pageWidth} pixels. Let its selection in chart-selections.ts show less.`,
  );
}
