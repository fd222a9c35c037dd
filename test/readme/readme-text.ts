import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/** Where the README is. */
export const readmePath = fileURLToPath(new URL('../../README.md', import.meta.url));

/** A fenced block of the README. */
export interface CodeBlock {
  /** What follows the opening fence: the language, and what else is said about the block. */
  readonly info: string;
  readonly code: string;
  /** The line of the README, counted from 1, on which the code begins. */
  readonly line: number;
}

const [startMark, endMark] = ['<!-- chart:start -->', '<!-- chart:end -->'];

/** The text of the README; says what to do where there is none. */
export function readReadme(): string {
  if (!existsSync(readmePath)) throw new Error('There is no README.md. Write it, then run npm run diagram.');
  return readFileSync(readmePath, 'utf8');
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
 * Puts a diagram between the two marks of a Markdown text.
 *
 * @param diagram - The text of a Mermaid diagram.
 * @returns The new text; the same as the old one if that has this diagram already.
 */
export function placeDiagram(markdown: string, diagram: string): string {
  const start = markdown.indexOf(startMark);
  const end = markdown.indexOf(endMark);
  if (start === -1 || end < start)
    throw new Error(`README.md has no ${startMark} followed by ${endMark}. Add them, then run npm run diagram.`);
  const before = markdown.slice(0, start + startMark.length);
  return `${before}\n\`\`\`mermaid\n${diagram}\`\`\`\n${markdown.slice(end)}`;
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
