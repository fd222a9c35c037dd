import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const root = new URL('../../', import.meta.url);

/**
 * Where a file of the project is.
 *
 * @param path - The way to it from the root of the project.
 */
export function pathOf(path: string): string {
  return fileURLToPath(new URL(path, root));
}

/** A fenced block of the README. */
export interface CodeBlock {
  /** What follows the opening fence: the language, and what else is said about the block. */
  readonly info: string;
  readonly code: string;
  /** The line of the README, counted from 1, on which the code begins. */
  readonly line: number;
}

/** The text of the README; says what to do where there is none. */
export function readReadme(): string {
  return readPaper('README.md');
}

/**
 * The text of what is written about the package; says what to do where there is none.
 *
 * @param path - The way to it from the root of the project.
 */
export function readPaper(path: string): string {
  if (!existsSync(pathOf(path))) throw new Error(`There is no ${path}. Write it, then run npm run diagram.`);
  return readFileSync(pathOf(path), 'utf8');
}

/** The fenced blocks of a Markdown text, in order. */
export function codeBlocksOf(markdown: string): readonly CodeBlock[] {
  return [...markdown.matchAll(/^```(.*)\n([\s\S]*?)^```$/gm)].map(({ 1: info = '', 2: code = '', index }) => ({
    info: info.trim(),
    code,
    line: markdown.slice(0, index).split('\n').length + 1,
  }));
}

/**
 * Puts what is generated between the two marks of a Markdown text.
 *
 * @param name - The name that the marks have: `<!-- name:start -->` and `<!-- name:end -->`.
 * @returns The new text; the same as the old one if that has this already.
 */
export function placeText(markdown: string, name: string, text: string): string {
  const [startMark, endMark] = [`<!-- ${name}:start -->`, `<!-- ${name}:end -->`];
  const start = markdown.indexOf(startMark);
  const end = markdown.indexOf(endMark);
  if (start === -1 || end < start)
    throw new Error(`There is no ${startMark} followed by ${endMark}. Add them, then run npm run diagram.`);
  return `${markdown.slice(0, start + startMark.length)}\n${text}\n${markdown.slice(end)}`;
}

/**
 * Some columns of the first table that has them.
 *
 * @param first - The heading of the table's first column.
 * @param headings - The headings of the columns that are wanted.
 * @returns The wanted cells of each row; empty if there is no such table.
 */
export function tableRows(markdown: string, first: string, ...headings: readonly string[]): readonly string[][] {
  const lines = markdown.split('\n');
  const top = lines.findIndex((line) => line.startsWith('|') && cellsOf(line)[0] === first);
  if (top === -1) return [];
  const columns = headings.map((heading) => cellsOf(lines[top] ?? '').indexOf(heading));
  const end = lines.findIndex((line, index) => index > top && !line.startsWith('|'));
  const rows = lines.slice(top + 2, end === -1 ? undefined : end).map(cellsOf);
  return rows.map((cells) => columns.map((column) => cells[column] ?? ''));
}

/** A bar inside a cell is written with a backslash. */
function cellsOf(row: string): readonly string[] {
  return row
    .split(/(?<!\\)\|/)
    .slice(1, -1)
    .map((cell) => cell.trim());
}
