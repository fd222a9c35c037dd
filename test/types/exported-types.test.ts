import { relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import ts from 'typescript';
import { expect, it } from 'vitest';

const root = fileURLToPath(new URL('../..', import.meta.url));
/** Each entry with what it leaves to another one, and how much it exports at least. */
const entries = [
  { entry: 'src/index.ts', others: [], count: 20 },
  { entry: 'src/machines.ts', others: [], count: 20 },
  { entry: 'src/ai-sdk.ts', others: ['src/index.ts'], count: 10 },
  { entry: 'src/anthropic.ts', others: ['src/index.ts'], count: 4 },
  { entry: 'src/fetch.ts', others: ['src/index.ts'], count: 6 },
  { entry: 'src/langchain.ts', others: ['src/index.ts'], count: 5 },
  { entry: 'src/llm.ts', others: ['src/index.ts'], count: 8 },
  { entry: 'src/mcp.ts', others: ['src/index.ts'], count: 4 },
  { entry: 'src/inspect.ts', others: ['src/index.ts'], count: 1 },
  { entry: 'src/redis.ts', others: ['src/index.ts'], count: 3 },
  { entry: 'src/testing.ts', others: ['src/index.ts'], count: 4 },
];
const { options: ownOptions } = ts.parseJsonConfigFileContent(
  ts.readConfigFile(`${root}tsconfig.json`, ts.sys.readFile).config,
  ts.sys,
  root,
);
const options: ts.CompilerOptions = { ...ownOptions, noLib: true, types: [] };

// Names are followed within the project only: reading the types of every SDK takes longer than all the rest.
const host: ts.CompilerHost = {
  ...ts.createCompilerHost(options),
  resolveModuleNameLiterals: (literals, file) =>
    literals.map(({ text }) =>
      text.startsWith('.') ? ts.resolveModuleName(text, file, options, ts.sys) : { resolvedModule: undefined },
    ),
};
const program = ts.createProgram(
  entries.map(({ entry }) => root + entry),
  options,
  host,
);
const checker = program.getTypeChecker();

it.each(entries)('every type that a signature of $entry shows can be imported', ({ entry, others, count }) => {
  const exported = exportsOf(root + entry, program, checker);
  expect(exported.length).toBeGreaterThanOrEqual(count);
  const known = others.flatMap((file) => exportsOf(root + file, program, checker)).concat(exported);
  const missing = exported.flatMap((symbol) =>
    typesShownBy(symbol, checker)
      .filter((shown) => isOfProject(shown) && !known.includes(shown))
      .map((shown) => `${symbol.name} shows ${shown.name} of ${fileOf(shown)}`),
  );
  expect([...new Set(missing)]).toEqual([]);
});

/** The types that the declarations of a symbol name: in parameters, results, properties and aliases. */
function typesShownBy(symbol: ts.Symbol, checker: ts.TypeChecker): readonly ts.Symbol[] {
  const shown: ts.Symbol[] = [];
  const visit = (node: ts.Node): void => {
    if (isHidden(node, checker)) return;
    const named = ts.isTypeReferenceNode(node) ? checker.getSymbolAtLocation(node.typeName) : undefined;
    if (named && !(named.flags & ts.SymbolFlags.TypeParameter)) shown.push(original(named, checker));
    ts.forEachChild(node, visit);
  };
  for (const declaration of symbol.declarations ?? []) visit(declaration);
  return shown;
}

/** What is no part of a signature: code, base types, private and internal members, what overloads stand in front of. */
function isHidden(node: ts.Node, checker: ts.TypeChecker): boolean {
  if (ts.isBlock(node) || ts.isHeritageClause(node)) return true;
  if (ts.isExpression(node) && !ts.isIdentifier(node)) return true;
  if (ts.isClassElement(node) && node.name && ts.isPrivateIdentifier(node.name)) return true;
  if (ts.isFunctionLike(node) && checker.isImplementationOfOverload(node)) return true;
  return ts.getJSDocTags(node).some(({ tagName }) => tagName.text === 'internal');
}

function exportsOf(file: string, program: ts.Program, checker: ts.TypeChecker): readonly ts.Symbol[] {
  const source = program.getSourceFile(file);
  const module = source && checker.getSymbolAtLocation(source);
  return module ? checker.getExportsOfModule(module).map((symbol) => original(symbol, checker)) : [];
}

function original(symbol: ts.Symbol, checker: ts.TypeChecker): ts.Symbol {
  return symbol.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(symbol) : symbol;
}

function fileOf(symbol: ts.Symbol): string {
  return relative(root, symbol.declarations?.[0]?.getSourceFile().fileName ?? '');
}

function isOfProject(symbol: ts.Symbol): boolean {
  return /^(src|machines)[\\/]/.test(fileOf(symbol));
}
