import { relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import ts from 'typescript';
import { describe, expect, it } from 'vitest';

const root = fileURLToPath(new URL('../..', import.meta.url));
const entries = ['src/index.ts', 'src/machines.ts'];

describe('the signatures of the main entry', () => {
  it('show no type that the main entry does not export', () => {
    const { checker, exportsOf, fileOf } = openProgram();
    const exported = exportsOf('src/index.ts');
    expect(exported.length).toBeGreaterThan(30);
    const missing = exported.flatMap((symbol) =>
      typesShownBy(symbol, checker)
        .filter((shown) => isOfProject(fileOf(shown)) && !exported.includes(shown))
        .map((shown) => `${symbol.name} shows ${shown.name} of ${fileOf(shown)}`),
    );
    expect([...new Set(missing)]).toEqual([]);
  });
});

describe('the signatures of the machines entry', () => {
  it('show no type that the entry does not export', () => {
    const { checker, exportsOf, fileOf } = openProgram();
    const exported = exportsOf('src/machines.ts');
    const missing = exported.flatMap((symbol) =>
      typesShownBy(symbol, checker)
        .filter((shown) => isOfProject(fileOf(shown)) && !exported.includes(shown))
        .map((shown) => `${symbol.name} shows ${shown.name} of ${fileOf(shown)}`),
    );
    expect([...new Set(missing)]).toEqual([]);
  });
});

const isOfProject = (file: string) => /^(src|machines)\//.test(file);

function openProgram() {
  const { config } = ts.readConfigFile(`${root}tsconfig.json`, ts.sys.readFile);
  const { options } = ts.parseJsonConfigFileContent(config, ts.sys, root);
  const program = ts.createProgram(
    entries.map((entry) => root + entry),
    { ...options, noEmit: true },
  );
  const checker = program.getTypeChecker();
  return {
    checker,
    exportsOf(entry: string): readonly ts.Symbol[] {
      const file = program.getSourceFile(root + entry);
      const module = file && checker.getSymbolAtLocation(file);
      return module ? checker.getExportsOfModule(module).map((symbol) => original(symbol, checker)) : [];
    },
    fileOf: (symbol: ts.Symbol) => relative(root, symbol.declarations?.[0]?.getSourceFile().fileName ?? ''),
  };
}

/** The types that the declarations of a symbol name: in parameters, results, properties and aliases. */
function typesShownBy(symbol: ts.Symbol, checker: ts.TypeChecker): readonly ts.Symbol[] {
  const shown: ts.Symbol[] = [];
  const visit = (node: ts.Node): void => {
    if (isHidden(node)) return;
    const name = ts.isTypeReferenceNode(node) ? node.typeName : ts.isTypeQueryNode(node) ? node.exprName : undefined;
    const named = name && checker.getSymbolAtLocation(name);
    if (named && !(named.flags & ts.SymbolFlags.TypeParameter)) shown.push(original(named, checker));
    ts.forEachChild(node, visit);
  };
  for (const declaration of symbol.declarations ?? []) visit(declaration);
  return shown;
}

/** What a declaration file leaves out: bodies, initial values, private and internal members, implementations of overloads. */
function isHidden(node: ts.Node): boolean {
  if (ts.isBlock(node) || ts.isHeritageClause(node) || ts.isExpression(node)) return !ts.isIdentifier(node);
  if (ts.getJSDocTags(node).some(({ tagName }) => tagName.text === 'internal')) return true;
  if (ts.isClassElement(node) && node.name && ts.isPrivateIdentifier(node.name)) return true;
  return false;
}

function original(symbol: ts.Symbol, checker: ts.TypeChecker): ts.Symbol {
  return symbol.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(symbol) : symbol;
}
