import { readdirSync, readFileSync } from 'node:fs';
import { posix } from 'node:path';
import { fileURLToPath } from 'node:url';
import ts from 'typescript';

const root = fileURLToPath(new URL('../..', import.meta.url));

/** What each node leads to, by name. */
export type Graph = ReadonlyMap<string, readonly string[]>;

/** The files of the package with the files that they import, types included; paths from the top of the project. */
export function readImports(): Graph {
  const files = ['src', 'machines'].flatMap(filesBelow);
  return new Map(files.map((file) => [file, importsOf(file)]));
}

/** The text of a file of the project. */
export function readSource(file: string): string {
  return readFileSync(root + file, 'utf8');
}

/** The same graph between what the nodes belong to; what leads to its own like is left out. */
export function groupBy(graph: Graph, groupOf: (node: string) => string): Graph {
  const groups = new Map<string, Set<string>>();
  for (const [from, targets] of graph) {
    const group = groupOf(from);
    const led = groups.get(group) ?? new Set();
    groups.set(group, led);
    for (const to of targets.map(groupOf)) if (to !== group) led.add(to);
  }
  return new Map([...groups].map(([group, led]) => [group, [...led]]));
}

/** How many nodes the longest way from each node has; those from which a circle is reached are left out. */
export function heightsOf(graph: Graph): ReadonlyMap<string, number> {
  const heights = new Map<string, number>();
  for (let isNew = true; isNew; ) {
    isNew = false;
    for (const [node, targets] of graph) {
      const below = targets.map((target) => heights.get(target));
      if (heights.has(node) || below.includes(undefined)) continue;
      heights.set(node, 1 + Math.max(0, ...below.map(Number)));
      isNew = true;
    }
  }
  return heights;
}

function filesBelow(folder: string): readonly string[] {
  return readdirSync(root + folder, { withFileTypes: true }).flatMap((entry) => {
    const path = `${folder}/${entry.name}`;
    if (entry.isDirectory()) return filesBelow(path);
    return path.endsWith('.ts') ? [path] : [];
  });
}

function importsOf(file: string): readonly string[] {
  const { importedFiles } = ts.preProcessFile(readSource(file), true, true);
  const relative = importedFiles.map(({ fileName }) => fileName).filter((name) => name.startsWith('.'));
  return relative.map((name) => posix.join(posix.dirname(file), name));
}
