import { fileURLToPath } from 'node:url';
import { createServer } from 'vite';
import { expect, it } from 'vitest';

const examples = fileURLToPath(new URL('../../examples/', import.meta.url));

// The other tests bundle the pages; their users start Vite's own server.
it.each(['react', 'inspect-browser'])('%s is served with everything that its page asks for', async (name) => {
  const server = await createServer({
    root: `${examples}${name}`,
    configFile: `${examples}pages/vite.config.ts`,
    logLevel: 'error',
    server: { port: 0, host: '127.0.0.1' },
  });
  try {
    await server.listen();
    const base = server.resolvedUrls?.local[0] ?? '';
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
