import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';

const root = fileURLToPath(new URL('..', import.meta.url));
const source = (path: string) => fileURLToPath(new URL(`../${path}`, import.meta.url));

export default defineConfig({
  root,
  resolve: {
    alias: [
      { find: /^agent-circuit-breaker$/, replacement: source('src/index.ts') },
      { find: /^agent-circuit-breaker\/([\w-]+)$/, replacement: `${root}src/$1.ts` },
    ],
  },
  test: {
    include: ['test/**/*.test.ts'],
    testTimeout: 20_000,
    typecheck: {
      enabled: true,
      include: ['test/types/**/*.test-d.ts'],
      tsconfig: source('tsconfig.json'),
    },
  },
});
