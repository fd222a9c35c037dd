import { readdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import ts from 'typescript';
import { pathOf, readPaper } from './readme-text.ts';

/** A name that a user can import. */
export interface PublicName {
  readonly name: string;
  /** Whether it is a type only. */
  readonly isType: boolean;
  /** The first sentence of what is said about it where it is declared. */
  readonly sentence: string;
  /** The file that declares it, from the root of the project. */
  readonly file: string;
}

/** What can be imported from where: an entry of the package, such as `agent-circuit-breaker/llm`, and its names. */
export function readPublicNames(): ReadonlyMap<string, readonly PublicName[]> {
  const doors = readdirSync(pathOf('src')).filter((file) => file.endsWith('.ts'));
  const isMain = (door: string) => door === 'index.ts';
  const ordered = [...doors.filter(isMain), ...doors.filter((door) => !isMain(door)).sort()];
  return new Map(
    ordered.map((door) => [
      isMain(door) ? 'agent-circuit-breaker' : `agent-circuit-breaker/${door.slice(0, -'.ts'.length)}`,
      namesOf(`src/${door}`),
    ]),
  );
}

function namesOf(door: string): readonly PublicName[] {
  const exported = parse(door)
    .statements.filter(ts.isExportDeclaration)
    .flatMap((statement) => {
      const { exportClause, moduleSpecifier, isTypeOnly } = statement;
      if (exportClause === undefined || !ts.isNamedExports(exportClause)) return [];
      if (moduleSpecifier === undefined || !ts.isStringLiteral(moduleSpecifier)) return [];
      const file = join(dirname(door), moduleSpecifier.text);
      return exportClause.elements.map((element) => ({
        name: element.name.text,
        isType: isTypeOnly || element.isTypeOnly,
        sentence: sentenceOf(file, element.name.text),
        file,
      }));
    });
  return exported.sort((a, b) => Number(a.isType) - Number(b.isType) || (a.name < b.name ? -1 : 1));
}

function sentenceOf(file: string, name: string): string {
  // Of a function with overloads the last that is described: the others are special cases of it.
  const described = parse(file).statements.filter(
    (one) => declaresName(one, name) && ts.getJSDocCommentsAndTags(one)[0],
  );
  const [statement] = described.slice(-1);
  if (statement === undefined) return '';
  const docs = ts.getJSDocCommentsAndTags(statement).filter(ts.isJSDoc);
  const [doc] = docs.slice(-1);
  const text = ts.getTextOfJSDocComment(doc?.comment) ?? deprecationOf(statement);
  return firstSentence(
    text
      .replaceAll(/\{@link (\w+)\}/g, '`$1`')
      .replaceAll(/\s+/g, ' ')
      .trim(),
  );
}

function deprecationOf(statement: ts.Statement): string {
  const tag = ts.getJSDocDeprecatedTag(statement);
  return ts.getTextOfJSDocComment(tag?.comment) ?? '';
}

function declaresName(statement: ts.Statement, name: string): boolean {
  if (ts.isVariableStatement(statement))
    return statement.declarationList.declarations.some(({ name: own }) => ts.isIdentifier(own) && own.text === name);
  return (
    (ts.isFunctionDeclaration(statement) ||
      ts.isClassDeclaration(statement) ||
      ts.isInterfaceDeclaration(statement) ||
      ts.isTypeAliasDeclaration(statement)) &&
    statement.name?.text === name
  );
}

function firstSentence(text: string): string {
  return /^.*?[^.]\.(?=\s|$)/.exec(text)?.[0] ?? text;
}

const parsed = new Map<string, ts.SourceFile>();

/** The syntax of a file of the project. */
export function parse(file: string): ts.SourceFile {
  const known = parsed.get(file) ?? ts.createSourceFile(file, readPaper(file), ts.ScriptTarget.Latest, true);
  parsed.set(file, known);
  return known;
}

/** The names of the members of an interface, but for deprecated ones; those of what it extends are left out. */
export function membersOf(file: string, name: string): readonly string[] {
  const found = parse(file).statements.find(
    (one): one is ts.InterfaceDeclaration => ts.isInterfaceDeclaration(one) && one.name.text === name,
  );
  if (found === undefined) throw new Error(`There is no interface ${name} in ${file}.`);
  return found.members
    .filter((member) => ts.getJSDocDeprecatedTag(member) === undefined)
    .flatMap((member) => (member.name !== undefined && ts.isIdentifier(member.name) ? [member.name.text] : []));
}
