import type { Line } from './drawing.ts';

/** The size of all letters but names, in the units of a picture, which are pixels where it is shown at its own width. */
export const letterSize = 12;
export const nameSize = 15;
export const lineHeight = 17;
/** The height of a name with its distance from the lines beneath. */
export const nameHeight = 18;

/** How far the text of a state's box, and of a label, is from its edges. */
export const statePadding = { x: 14, y: 11 };
export const labelPadding = { x: 5, y: 3 };

/** No letter of the usual fonts of one width (Menlo, Consolas, DejaVu Sans Mono) is wider, as a part of its size. */
const letterWidth = 0.603;
/** What a bold letter of a name takes at most on average, as a part of its size. */
const nameLetterWidth = 0.72;

/** How much room a line takes at most. */
export function widthOf(line: Line): number {
  return lineText(line).length * letterSize * letterWidth;
}

/** The text of a line, its parts with a space between them. */
export function lineText(line: Line): string {
  return line.map(({ text }) => text).join(' ');
}

/** How much room the name of a state takes at most. */
export function nameWidthOf(name: string): number {
  return name.length * nameSize * nameLetterWidth;
}
