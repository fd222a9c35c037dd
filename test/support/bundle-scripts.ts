import { mkdtemp } from 'node:fs/promises';
import { basename, extname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { inject } from 'vitest';

const root = fileURLToPath(new URL('../../', import.meta.url));

/**
 * Bundles TypeScript files with everything they import, so that processes that run them start in a tenth of the time.
 * What several of them import is bundled once.
 *
 * @param files Absolute, or relative to the root of the repository, each of a name of its own.
 * @returns The paths of the bundles, ES modules, by the names of the files without their endings.
 */
export async function bundleScripts(files: readonly string[]): Promise<ReadonlyMap<string, string>> {
  const outdir = await mkdtemp(join(inject('bundleFolder'), 'bundle-'));
  await build({
    absWorkingDir: root,
    entryPoints: files.map((file) => ({ in: file, out: nameOf(file) })),
    outdir,
    outExtension: { '.js': '.mjs' },
    tsconfig: join(root, 'tsconfig.json'),
    bundle: true,
    splitting: true,
    platform: 'node',
    format: 'esm',
    target: 'node20',
    logLevel: 'warning',
    // Some libraries are CommonJS, and ask for Node's own modules by a function that ES modules do not have.
    banner: {
      js: "import { createRequire as createRequireOfBundle } from 'node:module'; const require = createRequireOfBundle(import.meta.url);",
    },
  });
  return new Map(files.map((file) => [nameOf(file), join(outdir, `${nameOf(file)}.mjs`)]));
}

/** Bundles that are made or being made; fifty processes of one file need but one. */
const bundles = new Map<string, Promise<string>>();

/** The bundle of one file, which is made when it is first asked for. */
export function bundleScript(file: string): Promise<string> {
  const bundle = bundles.get(file) ?? bundleOne(file);
  bundles.set(file, bundle);
  return bundle;
}

async function bundleOne(file: string): Promise<string> {
  const [path] = (await bundleScripts([file])).values();
  if (path === undefined) throw new Error(`${file} has not been bundled.`);
  return path;
}

const nameOf = (file: string) => basename(file, extname(file));
