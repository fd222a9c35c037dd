import type { Colour, Paint } from './palette.ts';
import type { Recording } from './recording.ts';

/** What every row of the picture is drawn with. */
export interface Drawing {
  readonly recording: Recording;
  readonly paint: Paint;
  /** How many columns the rows have. */
  readonly columns: number;
  /** The column of an instant, or how many columns a duration is long. */
  readonly toColumn: (ms: number) => number;
}

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
