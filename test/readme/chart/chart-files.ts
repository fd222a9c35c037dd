import { circuitBreakerMachine } from '../../../machines/circuit-breaker.machine.ts';
import { placeText, readPaper } from '../readme-text.ts';
import { noteOf } from './chart-note.ts';
import { pictureOf } from './chart-picture.ts';
import { selectionsOf } from './chart-selections.ts';
import type { DrawingName } from './drawing.ts';
import { paint } from './paint-drawing.ts';

/** A file that is drawn from the machine, or has such drawings in it. */
export interface ChartFile {
  /** Where it is, seen from the root of the project. */
  readonly path: string;
  readonly text: string;
}

/** The papers with drawings, and how each comes to the folder in which these are. */
const papers: readonly { path: string; toFolder: string; names: readonly DrawingName[] }[] = [
  { path: 'README.md', toFolder: 'machines/', names: ['core'] },
  { path: 'machines/README.md', toFolder: '', names: ['core', 'half-open', 'fleet'] },
];

/** All files that are drawn from the machine, as they should be: the pictures, and the papers that show them. */
export async function chartFiles(): Promise<readonly ChartFile[]> {
  const drawings = await Promise.all(
    selectionsOf(circuitBreakerMachine).map(async (selection) => {
      const { drawing, layout } = await pictureOf(circuitBreakerMachine, selection);
      const text = paint(drawing, layout);
      return { ...drawing, file: fileOf(drawing.name), text, note: noteOf(circuitBreakerMachine, selection) };
    }),
  );
  const pictures = drawings.map(({ file, text }) => ({ path: `machines/${file}`, text }));
  const pages = papers.map(({ path, toFolder, names }) => ({
    path,
    text: drawings
      .filter(({ name }) => names.includes(name))
      .reduce((markdown, { name, title, file, note }) => {
        const picture = `![${title}](${toFolder}${file})`;
        return placeText(markdown, `chart-${name}`, [picture, note].filter((part) => part !== '').join('\n\n'));
      }, readPaper(path)),
  }));
  return [...pictures, ...pages];
}

function fileOf(name: DrawingName): string {
  return `chart-${name}.svg`;
}
