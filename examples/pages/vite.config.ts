// Serves a page: `npm run page examples/react`.
import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vite';
import { createLibraryFolder } from './library-folder.ts';
import { modelPlugin } from './model-plugin.ts';

const source = (file: string) => fileURLToPath(new URL(`../../src/${file}`, import.meta.url));

export default defineConfig({
  plugins: [modelPlugin()],
  cacheDir: createLibraryFolder(),
  resolve: { alias: [{ find: /^agent-circuit-breaker$/, replacement: source('index.ts') }] },
  server: { host: '127.0.0.1' },
  preview: { host: '127.0.0.1' },
});
