import { fileURLToPath } from 'node:url';
import { createServer, type ViteDevServer } from 'vite';
import { expect, it } from 'vitest';

const examples = fileURLToPath(new URL('../../examples/', import.meta.url));

async function start(name: string): Promise<ViteDevServer> {
  const server = await createServer({
    root: `${examples}${name}`,
    configFile: `${examples}pages/vite.config.ts`,
    logLevel: 'error',
    server: { port: 0, host: '127.0.0.1' },
  });
  return await server.listen();
}

const baseOf = (server: ViteDevServer) => server.resolvedUrls?.local[0] ?? '';

// The other tests bundle the pages; their users start Vite's own server.
it.each(['react', 'inspect-browser'])('%s is served with everything that its page asks for', async (name) => {
  const server = await start(name);
  try {
    const base = baseOf(server);
    const html = await (await fetch(base)).text();
    const asked = [...html.matchAll(/(?:href|src)="(\.[^"]+)"/g)].map(([, path = '']) => new URL(path, base));
    expect(asked.length).toBeGreaterThan(1);
    for (const url of asked) {
      const answer = await fetch(url, { headers: { accept: url.pathname.endsWith('.css') ? 'text/css' : '*/*' } });
      expect([url.pathname, answer.status]).toEqual([url.pathname, 200]);
      if (url.pathname.endsWith('.css')) expect(await answer.text()).toContain('system-ui');
    }
  } finally {
    await server.close();
  }
});

/** The addresses of a module and of all that it imports, with how each was answered. */
async function modulesOf(url: URL, statuses = new Map<string, number>()): Promise<ReadonlyMap<string, number>> {
  if (statuses.has(url.href)) return statuses;
  const answer = await fetch(url);
  statuses.set(url.href, answer.status);
  const imported = [...(await answer.text()).matchAll(/(?:from|import) ?"(\.{0,2}\/[^"]+)"/g)];
  for (const [, path = ''] of imported) await modulesOf(new URL(path, url), statuses);
  return statuses;
}

it('pages that are started at once have libraries of their own, and stay whole', async () => {
  const servers = [await start('react')];
  try {
    const [first] = servers;
    const read = async (server: ViteDevServer | undefined, main: string) =>
      [...(await modulesOf(new URL(main, server && baseOf(server))))].filter(([, status]) => status !== 200);
    expect(await read(first, 'main.tsx')).toEqual([]);
    servers.push(await start('inspect-browser'), await start('react'));
    expect(await read(servers[1], 'main.ts')).toEqual([]);
    expect(await read(servers[2], 'main.tsx')).toEqual([]);
    expect(await read(first, 'main.tsx')).toEqual([]);
    expect(new Set(servers.map(({ config }) => config.cacheDir)).size).toBe(3);
  } finally {
    await Promise.all(servers.map((server) => server.close()));
  }
});
