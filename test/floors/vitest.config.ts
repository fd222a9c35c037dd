import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';
import { rooms } from '../rooms/rooms.ts';
import { patternsOf } from '../rooms/select-rooms.ts';

/** The XStates beside the newest one, each with what looks at the chart with functions that came later. */
const copies = [
  { copy: 'xstate518', leftOut: ['**/adjacency.test.ts', '**/fleet/joining.test.ts'] },
  { copy: 'xstate528', leftOut: [] },
];

const root = fileURLToPath(new URL('../..', import.meta.url));

/** What has nothing to do with XState. */
const ofTheHouse = ['test/house/**', 'test/rooms/**', 'test/support/**'];

const coreRooms = rooms.filter(({ name }) => name === 'core' || name === 'histories');

// The tests of the chart and of the breakers on other XStates; run by xstate.test.ts.
export default defineConfig({
  root,
  test: {
    projects: copies.flatMap(({ copy, leftOut }) =>
      coreRooms.map((room) => {
        const { include, exclude } = patternsOf(room);
        return {
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
            name: `${copy} ${room.name}`,
            env: { XSTATE_COPY: copy, HISTORY_SHARE: '0.1' },
            include: ['test/floors/xstate-copy.ts', ...include],
            exclude: [...exclude, ...leftOut, ...ofTheHouse],
            isolate: room.isolate ?? false,
            testTimeout: 20_000,
            // A machine that runs every other test at the same time makes those that measure time fail.
            retry: 2,
          },
        };
      }),
    ),
  },
});
