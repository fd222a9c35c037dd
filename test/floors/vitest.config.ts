import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';

/** The XStates beside the newest one; the first is the oldest that the package supports. */
const copies = ['xstate518', 'xstate528'] as const;

/** Long ones that look at rules of the package's own, and those that look at the chart with functions of a later XState. */
const leftOut = {
  always: [
    '**/{agreement,hostile}*.test.ts',
    '**/{broken-machines,call-windows,memory,model,real-streams,snapshot-history}.test.ts',
  ],
  xstate518: ['**/adjacency.test.ts', '**/fleet/joining.test.ts'],
  xstate528: [],
} as const;

const root = fileURLToPath(new URL('../..', import.meta.url));

// The core tests on other XStates; run by xstate.test.ts.
export default defineConfig({
  root,
  test: {
    projects: copies.map((copy) => ({
      root,
      resolve: {
        alias: [
          { find: /^agent-circuit-breaker$/, replacement: `${root}src/index.ts` },
          { find: /^agent-circuit-breaker\/([\w-]+)$/, replacement: `${root}src/$1.ts` },
          { find: /^xstate$/, replacement: copy },
          { find: /^xstate\/(.*)$/, replacement: `${copy}/$1` },
        ],
      },
      test: {
        name: copy,
        env: { XSTATE_COPY: copy },
        include: ['test/floors/xstate-copy.ts', 'test/machines/**/*.test.ts', 'test/src/**/*.test.ts'],
        exclude: ['test/src/{ai-sdk,anthropic,fetch,langchain,llm,mcp,redis}/**', ...leftOut.always, ...leftOut[copy]],
        testTimeout: 20_000,
      },
    })),
  },
});
