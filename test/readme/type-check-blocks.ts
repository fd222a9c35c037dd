import { fileURLToPath } from 'node:url';
import ts from 'typescript';
import { prelude } from './prelude.ts';
import type { CodeBlock } from './readme-text.ts';

const root = fileURLToPath(new URL('../../', import.meta.url));
const preludePath = `${root}readme-prelude.d.ts`;

/** A block of code; without a paper it is one of the README. */
type Block = CodeBlock & { readonly paper?: string };

/**
 * Compiles code blocks against the sources, each as a module of its own, with the project's own settings.
 *
 * @returns What the compiler finds wrong, with the paper and its line; empty if all is well.
 */
export function typeCheckBlocks(blocks: readonly Block[]): readonly string[] {
  const byPath = new Map(blocks.map((block, index) => [`${root}readme-block-${index}.ts`, block]));
  const files = new Map([[preludePath, prelude]]);
  // The last line makes a module even of a block that imports nothing.
  for (const [path, { code }] of byPath) files.set(path, `${code}export {};\n`);
  const options = readOptions();
  const program = ts.createProgram([...files.keys()], options, hostWith(files, options));
  return [...files.keys()].flatMap((path) => {
    const file = program.getSourceFile(path);
    if (file === undefined) throw new Error(`${path} has not been compiled.`);
    return ts.getPreEmitDiagnostics(program, file).map((problem) => describeProblem(problem, byPath.get(path)));
  });
}

/** The project's settings; but a reader on Node has no browser, whose global `prompt` is a function. */
function readOptions(): ts.CompilerOptions {
  const { config } = ts.readConfigFile(`${root}tsconfig.json`, ts.sys.readFile);
  const { options } = ts.parseJsonConfigFileContent(config, ts.sys, root);
  return { ...options, lib: (options.lib ?? []).filter((library) => !library.includes('.dom.')) };
}

/** What has been read from disk: the types of every SDK take longer to read than all the rest. */
const read = new Map<string, ts.SourceFile | undefined>();

/** A compiler's view of the disk with more files on it. */
function hostWith(files: ReadonlyMap<string, string>, options: ts.CompilerOptions): ts.CompilerHost {
  const disk = ts.createCompilerHost(options);
  return {
    ...disk,
    fileExists: (path) => files.has(path) || disk.fileExists(path),
    readFile: (path) => files.get(path) ?? disk.readFile(path),
    getSourceFile: (path, language, ...rest) => {
      const text = files.get(path);
      if (text !== undefined) return ts.createSourceFile(path, text, language);
      if (!read.has(path)) read.set(path, disk.getSourceFile(path, language, ...rest));
      return read.get(path);
    },
  };
}

function describeProblem({ file, start = 0, messageText }: ts.Diagnostic, block: Block | undefined): string {
  const message = ts.flattenDiagnosticMessageText(messageText, '\n');
  if (file === undefined || block === undefined) return `in the prelude: ${message}`;
  const line = block.line + file.getLineAndCharacterOfPosition(start).line;
  return `${block.paper ?? 'README.md'}:${line}: ${message}`;
}
