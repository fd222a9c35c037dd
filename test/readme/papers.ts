import { readdirSync } from 'node:fs';
import { type CodeBlock, codeBlocksOf, pathOf, readPaper } from './readme-text.ts';

/** Folders that hold no papers of the project. */
const foreign = new Set(['node_modules', 'dist']);

/** Everything that is written about the package, by its way from the root of the project. */
export const papers: readonly string[] = [...papersIn('')].sort();

function papersIn(folder: string): readonly string[] {
  return readdirSync(pathOf(folder || '.'), { withFileTypes: true }).flatMap((entry) => {
    if (entry.isDirectory())
      return foreign.has(entry.name) || entry.name.startsWith('.') ? [] : papersIn(`${folder}${entry.name}/`);
    return entry.name.endsWith('.md') ? [`${folder}${entry.name}`] : [];
  });
}

/** A block of code, and the paper that it is in. */
export interface PaperBlock extends CodeBlock {
  readonly paper: string;
}

/** The blocks of every paper that say that they are TypeScript, whatever else they say. */
export function typeScriptBlocks(): readonly PaperBlock[] {
  return papers
    .flatMap((paper) => codeBlocksOf(readPaper(paper)).map((block) => ({ ...block, paper })))
    .filter(({ info }) => /^(ts|tsx|typescript)\b/.test(info));
}

/** Whether a block is compiled: unless it says `no-check`. */
export const isChecked = ({ info }: CodeBlock): boolean => !/\bno-check\b/.test(info);

/** Whether a block is run: unless it says `no-run` or `no-check`. */
export const isRun = ({ info }: CodeBlock): boolean => !/\bno-(check|run)\b/.test(info);
