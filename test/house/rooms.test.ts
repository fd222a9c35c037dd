import { describe, expect, it } from 'vitest';
import manifest from '../../package.json' with { type: 'json' };
import { groupBy, heightsOf, readImports, readSource } from './import-graph.ts';

/** Every room of the package, from the top of the house to its cellar. Imports lead downwards only. */
const rooms = [
  'src',
  'src/anthropic',
  ...['src/ai-sdk', 'src/fetch', 'src/langchain', 'src/mcp', 'src/inspect'],
  'src/registry',
  'src/breaker',
  'src/calls',
  'src/options',
  'src/circuit',
  ...['src/llm', 'src/testing', 'src/redis'],
  'src/machine',
  'src/platform',
  'src/errors',
  'machines/fleet',
  'machines',
  'machines/counting',
  'machines/settings',
];

/** Folders that are not rooms of their own, but a part of the one that they stand in. */
const closets = ['src/fetch/formats', 'src/llm/empty'];

const imports = readImports();
const files = [...imports.keys()];

/** The room that a file stands in. */
function roomOf(file: string): string {
  const folder = file.slice(0, file.lastIndexOf('/'));
  return closets.includes(folder) ? folder.slice(0, folder.lastIndexOf('/')) : folder;
}

describe('the house', () => {
  it('has no other rooms than these, and none is empty', () => {
    expect(new Set(files.map(roomOf))).toEqual(new Set(rooms));
    for (const closet of closets) expect(files.some((file) => file.startsWith(`${closet}/`))).toBe(true);
  });

  it('has no circle of files', () => {
    const heights = heightsOf(imports);
    expect(files.filter((file) => !heights.has(file))).toEqual([]);
  });

  it('has no import that leads upwards', () => {
    const isUpwards = (from: string, to: string) => rooms.indexOf(roomOf(to)) < rooms.indexOf(roomOf(from));
    const upwards = [...imports].flatMap(([from, targets]) =>
      targets.filter((to) => isUpwards(from, to)).map((to) => `${from} -> ${to}`),
    );
    expect(upwards).toEqual([]);
  });

  it('has at most 21 rooms behind its doors, on at most 11 floors', () => {
    const heights = heightsOf(groupBy(imports, roomOf));
    const floors = [...heights].filter(([room]) => room !== 'src').map(([, height]) => height);
    expect(floors).toHaveLength(rooms.length - 1);
    expect(floors.length).toBeLessThanOrEqual(21);
    expect(Math.max(...floors)).toBeLessThanOrEqual(11);
  });

  it('asks no integration from within, and none from another but anthropic from fetch', () => {
    const integrations = ['src/anthropic', 'src/ai-sdk', 'src/fetch', 'src/langchain', 'src/mcp', 'src/inspect'];
    const guests = [...groupBy(imports, roomOf)].flatMap(([from, targets]) =>
      targets.filter((to) => from !== 'src' && integrations.includes(to)).map((to) => `${from} -> ${to}`),
    );
    expect(guests).toEqual(['src/anthropic -> src/fetch']);
  });
});

describe('the doors', () => {
  const doors = files.filter((file) => roomOf(file) === 'src');

  it('are one for each subpath of the package', () => {
    const subpaths = Object.keys(manifest.exports).filter((path) => path !== './package.json');
    const wanted = subpaths.map((path) => `src/${path === '.' ? 'index' : path.slice(2)}.ts`);
    expect(doors.sort()).toEqual(wanted.sort());
  });

  it.each(doors)('list names and nothing else: %s', (door) => {
    const withoutComments = readSource(door).replaceAll(/\/\*\*.*?\*\//gs, '');
    const withoutLists = withoutComments.replaceAll(/export (type )?\{[^}]*\} from '[^']+';/g, '');
    expect(withoutLists.trim()).toBe('');
  });
});
