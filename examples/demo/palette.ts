const codes = { bold: 1, dim: 2, red: 31, green: 32, yellow: 33, blue: 34, cyan: 36 } as const;

/** The colours of the demo. */
export type Colour = keyof typeof codes;

/** Paints a text, or leaves it as it is where colours are not wanted. */
export type Paint = (colour: Colour, text: string) => string;

/** Paints nothing. */
export const plain: Paint = (_colour, text) => text;

/** Paints with the sixteen colours that every terminal theme defines. */
export const coloured: Paint = (colour, text) => (text === '' ? '' : `\u001b[${codes[colour]}m${text}\u001b[0m`);

/**
 * Chooses how to paint: in colour only on a terminal, and not where NO_COLOR is set.
 *
 * @see https://no-color.org
 */
export function choosePaint(isTerminal: boolean, environment: NodeJS.ProcessEnv): Paint {
  return isTerminal && !environment.NO_COLOR && environment.TERM !== 'dumb' ? coloured : plain;
}
