import { availableParallelism } from 'node:os';
import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';
import { createLeftOutReporter } from './rooms/left-out-reporter.ts';
import { RoomSequencer } from './rooms/room-sequencer.ts';
import { patternsOf, type RoomMode, selectRooms } from './rooms/select-rooms.ts';

const root = fileURLToPath(new URL('..', import.meta.url));
const source = (path: string) => fileURLToPath(new URL(`../${path}`, import.meta.url));

const resolve = {
  alias: [
    { find: /^agent-circuit-breaker$/, replacement: source('src/index.ts') },
    { find: /^agent-circuit-breaker\/([\w-]+)$/, replacement: `${root}src/$1.ts` },
  ],
};

/** `--mode all` and `--mode rest` are what `npm run test:all` and `npm run test:rest` say; `npm test` has no mode. */
const toRoomMode = (mode: string): RoomMode => (mode === 'all' || mode === 'rest' ? mode : 'everyday');

export default defineConfig(({ mode }) => {
  const roomMode = toRoomMode(mode);
  const { rooms, leftOut } = selectRooms(roomMode);
  const isStrict = roomMode !== 'everyday';
  return {
    root,
    test: {
      reporters: ['default', createLeftOutReporter(leftOut, isStrict)],
      // Some rooms compute, others wait: on two cores, three at a time keep both busy.
      maxWorkers: Math.max(3, availableParallelism()),
      sequence: { sequencer: RoomSequencer },
      projects: rooms.map((room) => ({
        root,
        resolve,
        test: {
          ...patternsOf(room),
          name: room.name,
          isolate: room.isolate ?? false,
          retry: room.isInRealTime ? 1 : 0,
          testTimeout: 20_000,
          hookTimeout: 60_000,
          setupFiles: room.isolate ? [] : [source('test/rooms/leave-nothing.ts')],
          // A machine may be busy with other things.
          expect: { poll: { timeout: 10_000 } },
          globalSetup: room.bundles ? [source('test/support/bundle-folder.ts')] : [],
          env: { HISTORY_SHARE: isStrict ? '1' : '0.1' },
        },
      })),
    },
  };
});
