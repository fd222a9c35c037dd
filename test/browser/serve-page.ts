import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build, preview } from 'vite';

const examples = fileURLToPath(new URL('../../examples/', import.meta.url));

/** A page of the examples, bundled and served. */
export interface ServedPage extends AsyncDisposable {
  readonly url: string;
}

/** Bundles an example's page with Vite and serves what comes out. */
export async function servePage(name: string): Promise<ServedPage> {
  const outDir = await mkdtemp(join(tmpdir(), `${name}-page-`));
  const settings = {
    root: join(examples, name),
    configFile: join(examples, 'pages/vite.config.ts'),
    logLevel: 'error',
    build: { outDir, emptyOutDir: true },
  } as const;
  await build(settings);
  const server = await preview({ ...settings, preview: { port: 0, host: '127.0.0.1' } });
  const address = server.httpServer.address();
  if (typeof address !== 'object' || address === null) throw new Error('The page is served, but not on a port.');
  return {
    url: `http://127.0.0.1:${address.port}/`,
    [Symbol.asyncDispose]: async () => {
      await server.close();
      await rm(outDir, { recursive: true });
    },
  };
}
