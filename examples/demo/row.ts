import type { Colour, Paint } from './palette.ts';

/** A line of the timeline, one cell per column. */
export interface Row {
  /** Writes a text from a column on; what does not fit is cut off. */
  put(column: number, text: string, colour: Colour): void;
  toString(): string;
}

/** Makes a row of blanks. */
export function createRow(columns: number, paint: Paint): Row {
  const cells = Array.from({ length: columns }, () => ' ');
  return {
    put(column, text, colour) {
      for (const [offset, character] of [...text].entries()) {
        if (column + offset < columns) cells[column + offset] = paint(colour, character);
      }
    },
    toString: () => cells.join('').trimEnd(),
  };
}
