import { posix } from 'node:path';
import ts from 'typescript';
import { describe, expect, it } from 'vitest';
import type { InstalledPackage } from './installed-package.ts';

/** What of a package.json matters here; a condition of `exports` leads to a path or to further conditions. */
interface Manifest {
  readonly main: string;
  readonly module: string;
  readonly types: string;
  readonly exports: Readonly<Record<string, ExportTarget>>;
  readonly tsup: { readonly entry: Readonly<Record<string, string>> };
  readonly peerDependencies: Readonly<Record<string, string>>;
  readonly peerDependenciesMeta: Readonly<Record<string, { readonly optional: boolean }>>;
}
type ExportTarget = string | { readonly [condition: string]: ExportTarget };

/** Looks at what is in the tarball, and at how its files hang together. */
export function describeTarball(getPackage: () => InstalledPackage): void {
  const readManifest = async (): Promise<Manifest> => JSON.parse(await getPackage().read('package.json'));

  describe('the tarball', () => {
    it('has the files that a package should have', () => {
      expect(getPackage().files).toEqual(
        expect.arrayContaining(['CHANGELOG.md', 'LICENSE', 'README.md', 'package.json']),
      );
    });

    it('has nothing else but what was built, the papers, and what they lead to', () => {
      const allowed =
        /^(CHANGELOG\.md|CONTRIBUTING\.md|LICENSE|README\.md|package\.json|dist\/[\w-]+\.(js|cjs|d\.ts|d\.cts|js\.map|cjs\.map)|examples\/.+|machines\/(README\.md|[\w-]+\.svg|circuit-breaker\.machine\.ts)|src\/([\w-]+\/)?README\.md|test\/bench\/README\.md|test\/corpus\/cases\/[\w.-]+\.json)$/;
      expect(getPackage().files.filter((file) => !allowed.test(file))).toEqual([]);
    });

    it('has every file that package.json names', async () => {
      const { main, module, types, exports } = await readManifest();
      const named = [main, module, types, ...Object.values(exports).flatMap(pathsOf)];
      expect(named.length).toBeGreaterThan(8);
      expect(named.map(withoutDot).filter((file) => !getPackage().files.includes(file))).toEqual([]);
    });

    it('exports every entry that is built, with types of its own for each kind of module', async () => {
      const { tsup, exports } = await readManifest();
      const entries = Object.keys(tsup.entry);
      expect(entries).toContain('index');
      const wanted = entries.map((entry) => [entry === 'index' ? '.' : `./${entry}`, conditionsOf(entry)]);
      expect(exports).toEqual({ ...Object.fromEntries(wanted), './package.json': './package.json' });
    });

    it('has no file that nothing leads to', async () => {
      const { files } = getPackage();
      const { exports } = await readManifest();
      const reached = new Set(Object.values(exports).flatMap(pathsOf).map(withoutDot));
      for (const file of reached) {
        if (!files.includes(file)) continue;
        reached.add(`${file}.map`);
        for (const imported of await importsOf(getPackage(), file)) reached.add(resolve(file, imported));
      }
      expect(files.filter((file) => file.startsWith('dist/') && !reached.has(file))).toEqual([]);
    });

    it('has every file that one of its files imports', async () => {
      const { files } = getPackage();
      const missing: string[] = [];
      for (const file of files.filter(isModule))
        for (const imported of await importsOf(getPackage(), file))
          if (isRelative(imported) && !files.includes(resolve(file, imported))) missing.push(`${file} -> ${imported}`);
      expect(missing).toEqual([]);
    });

    it('needs no other package than its peer, but for what an integration is made for', async () => {
      const { exports, peerDependencies, peerDependenciesMeta } = await readManifest();
      const optional = Object.keys(peerDependencies).filter((name) => peerDependenciesMeta[name]?.optional);
      expect(Object.keys(peerDependencies).filter((name) => !optional.includes(name))).toEqual(['xstate']);
      const needs = Object.entries(exports).map(async ([path, target]) => {
        const packages = (await reachedFrom(getPackage(), pathsOf(target).map(withoutDot))).filter(isPackage);
        return [path, [...new Set(packages.map(packageOf))].filter((name) => name !== 'xstate').sort()] as const;
      });
      expect(Object.fromEntries(await Promise.all(needs))).toEqual({
        ...Object.fromEntries(Object.keys(exports).map((path) => [path, []])),
        // Loaded where a model is only named, and only then.
        './ai-sdk': ['ai'],
        './anthropic': ['@anthropic-ai/sdk'],
        './langchain': ['@langchain/core', 'langchain'],
      });
    });

    it('loads no integration from the main entry, nor from another integration', async () => {
      const { exports } = await readManifest();
      for (const [path, target] of Object.entries(exports)) {
        const reached = await reachedFrom(getPackage(), pathsOf(target).map(withoutDot));
        const own = path === '.' ? 'index' : path.slice(2);
        const entries = reached.filter((file) => /^dist\/[a-z-]+\.(js|cjs)$/.test(file) && !file.includes('chunk'));
        const others = entries.map((file) => file.replace(/^dist\/|\.c?js$/g, '')).filter((entry) => entry !== own);
        expect([path, others.filter((entry) => `./${entry}` in exports)]).toEqual([path, []]);
      }
    });

    it('shows only sources of the package in its source maps, by relative paths', async () => {
      const maps = getPackage().files.filter((file) => file.endsWith('.map'));
      expect(maps.length).toBeGreaterThan(0);
      for (const file of maps) {
        const { sources }: { readonly sources: readonly string[] } = JSON.parse(await getPackage().read(file));
        expect(
          sources.filter((source) => !/^\.\.\/(src|machines)\/[\w./-]+\.ts$/.test(source)),
          file,
        ).toEqual([]);
      }
    });

    it('keeps internal names out of its declarations', async () => {
      for (const ending of ['.d.ts', '.d.cts']) {
        const files = getPackage().files.filter((file) => file.endsWith(ending));
        const text = (await Promise.all(files.map((file) => getPackage().read(file)))).join('\n');
        expect(/declare class CircuitBreaker\b/.test(text)).toBe(true);
        expect(text.match(/@internal|\b(class|interface) (Caller|Circuit|ChartLink|Ticket|ActorSystem)\b/g)).toBeNull();
      }
    });
  });
}

const withoutDot = (path: string) => path.replace(/^\.\//, '');
const isRelative = (name: string) => name.startsWith('.');
const isPackage = (name: string) => !name.startsWith('dist/');
/** `@langchain/core/runnables` is of `@langchain/core`. */
const packageOf = (name: string) => name.split('/', name.startsWith('@') ? 2 : 1).join('/');
const isModule = (file: string) => /^dist\/.*\.(js|cjs|d\.ts|d\.cts)$/.test(file);

/** Everything that some files lead to: files of the package, and names of other packages. */
async function reachedFrom(installed: InstalledPackage, files: readonly string[]): Promise<readonly string[]> {
  const reached = new Set(files);
  for (const file of reached)
    if (isModule(file))
      for (const imported of await importsOf(installed, file))
        reached.add(isRelative(imported) ? resolve(file, imported) : imported);
  return [...reached].filter((name) => isModule(name) || isPackage(name)).filter((name) => name !== 'package.json');
}

function pathsOf(target: ExportTarget): readonly string[] {
  return typeof target === 'string' ? [target] : Object.values(target).flatMap(pathsOf);
}

function conditionsOf(entry: string): ExportTarget {
  return {
    import: { types: `./dist/${entry}.d.ts`, default: `./dist/${entry}.js` },
    require: { types: `./dist/${entry}.d.cts`, default: `./dist/${entry}.cjs` },
  };
}

/** The modules that a file imports, re-exports, requires or takes types from. */
async function importsOf(installed: InstalledPackage, file: string): Promise<readonly string[]> {
  if (!isModule(file)) return [];
  return ts.preProcessFile(await installed.read(file), true, true).importedFiles.map(({ fileName }) => fileName);
}

/** The file that a relative import means; a declaration names the code that it declares. */
function resolve(file: string, imported: string): string {
  const path = posix.join(posix.dirname(file), imported);
  return /\.d\.c?ts$/.test(file) ? path.replace(/\.(c?)js$/, '.d.$1ts') : path;
}
