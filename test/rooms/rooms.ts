import type { ProgramName } from './programs.ts';

/** Test files that run under the same conditions: a project of the test runner. */
export interface Room {
  readonly name: string;
  /** What its files have in common, for whoever looks for a place for a new one. */
  readonly purpose: string;
  /** Whether `npm test` runs it; the others are run by `npm run test:all` alone. */
  readonly isEveryday: boolean;
  /** Its files, or folders of them, as `folder/**`; a file that several rooms name belongs to the last of these. */
  readonly files: readonly string[];
  /** What it cannot do without. */
  readonly needs?: readonly ProgramName[];
  /** Whether it is run once more, at full length, by what runs the rooms that `npm test` leaves out. */
  readonly hasLengths?: boolean;
  /** Whether its files start processes of what they have bundled. */
  readonly bundles?: boolean;
  /**
   * Whether its tests depend on processes, servers or pages that run in real time: on a machine that is busy, one that
   * fails is tried once more.
   */
  readonly isInRealTime?: boolean;
  /** Whether each file has a process of its own; the others share one, which loads the package once. */
  readonly isolate?: boolean;
}

/** Every room; a test file belongs to exactly one of them. */
export const rooms: readonly Room[] = [
  {
    name: 'core',
    purpose: 'the chart and the breakers, on a test clock',
    isEveryday: true,
    files: ['test/machines/**', 'test/src/**', 'test/support/**', 'test/rooms/**'],
  },
  {
    name: 'house',
    purpose: 'how the package is built, and how far a call walks in it: nothing else may run beside that',
    isEveryday: true,
    files: ['test/house/**'],
    isolate: true,
  },
  {
    name: 'integrations',
    purpose: 'what guards a library, with that library and a provider that fails on cue',
    isEveryday: true,
    files: [
      'test/src/ai-sdk/**',
      'test/src/anthropic/**',
      'test/src/fetch/**',
      'test/src/langchain/**',
      'test/src/llm/**',
      'test/src/mcp/**',
      'test/src/streams/abort-after-run.test.ts',
      'test/src/streams/real-streams.test.ts',
      'test/provider/**',
      'test/inspector/**',
      'test/corpus/**',
    ],
  },
  {
    name: 'failoverbench',
    isInRealTime: true,
    purpose: 'the recipes for failover, against sixteen things that providers do to their clients',
    isEveryday: false,
    files: ['test/failoverbench/**'],
  },
  {
    name: 'processes',
    isInRealTime: true,
    purpose: 'what is seen from outside of a process only: whether it ends, what it keeps in memory',
    isEveryday: true,
    files: ['test/src/open/process-exit.test.ts', 'test/src/lifecycle/memory.test.ts'],
    hasLengths: true,
    bundles: true,
  },
  {
    name: 'types',
    purpose: 'what compiles and what does not, by the compiler alone',
    isEveryday: true,
    files: ['test/types/**'],
  },
  {
    name: 'examples',
    purpose: 'the examples and the demo, each run as its users run it',
    isEveryday: true,
    files: ['test/examples/**', 'test/inspector/demo.test.ts'],
    bundles: true,
  },
  {
    name: 'page',
    isInRealTime: true,
    purpose: 'one page of the examples, and the drawings of the chart, in a real browser',
    isEveryday: true,
    files: ['test/browser/react.test.ts', 'test/browser/drawings.test.ts'],
    needs: ['chromium'],
  },
  {
    name: 'fleet',
    isInRealTime: true,
    purpose: 'nodes that share a circuit over a real server, all in one process',
    isEveryday: true,
    files: ['test/src/redis/**', 'test/support/redis/**', 'test/examples/fleet.test.ts'],
    needs: ['redis-server'],
    bundles: true,
  },
  {
    name: 'fleet-histories',
    purpose: 'random histories of nodes that share a circuit over a real server',
    isEveryday: true,
    files: ['test/src/redis/random-fleet.test.ts'],
    needs: ['redis-server'],
    hasLengths: true,
  },
  {
    name: 'papers',
    purpose: 'what is written about the package, as far as it can be compared without a compiler',
    isEveryday: true,
    files: ['test/readme/**'],
  },
  {
    name: 'code-blocks',
    purpose: 'the code in what is written about the package, compiled and run',
    isEveryday: false,
    files: ['test/readme/code-blocks.test.ts'],
  },
  {
    name: 'fleet-processes',
    isInRealTime: true,
    purpose: 'nodes of a fleet in processes of their own',
    isEveryday: false,
    files: ['test/src/redis/processes/**', 'test/support/redis/worker.test.ts'],
    needs: ['redis-server'],
    bundles: true,
  },
  {
    name: 'pages',
    isInRealTime: true,
    purpose: 'the other pages of the examples',
    isEveryday: false,
    files: ['test/browser/inspect-browser.test.ts', 'test/browser/dev-server.test.ts'],
    needs: ['chromium'],
  },
  {
    name: 'package',
    isInRealTime: true,
    purpose: 'the packed package, in its consumers',
    isEveryday: false,
    files: ['test/package/**'],
    isolate: true,
  },
  {
    name: 'floors',
    purpose: 'the oldest versions that are supported',
    isEveryday: false,
    files: ['test/floors/**'],
    isolate: true,
  },
  {
    name: 'runtimes',
    isInRealTime: true,
    purpose: 'the packed package in other runtimes than Node',
    isEveryday: false,
    files: ['test/runtimes/**'],
    isolate: true,
  },
  {
    name: 'bench',
    isInRealTime: true,
    purpose: 'the benchmark, as far as it can fail',
    isEveryday: false,
    files: ['test/bench/**'],
    needs: ['redis-server'],
    isolate: true,
  },
  {
    name: 'histories',
    purpose: 'what is tried with random histories, of a length that the run says',
    isEveryday: true,
    files: [
      'test/machines/call-windows.test.ts',
      'test/machines/calls-counted.test.ts',
      'test/machines/embedding.test.ts',
      'test/machines/failure-window.test.ts',
      'test/machines/hostile-events.test.ts',
      'test/machines/model.test.ts',
      'test/machines/ramp-share.test.ts',
      'test/machines/rate-of-calls.test.ts',
      'test/machines/rate-over-time.test.ts',
      'test/machines/recovery-wait.test.ts',
      'test/machines/fleet/hostile-fleet.test.ts',
      'test/src/attached/two-facades.test.ts',
      'test/src/by-hand/isolation-handles.test.ts',
      'test/src/half-open/slot-count.test.ts',
      'test/src/fleet/agreement-with-a-fleet.test.ts',
      'test/src/lifecycle/agreement.test.ts',
      'test/src/lifecycle/hostile-snapshots.test.ts',
      'test/src/lifecycle/snapshot-history.test.ts',
      'test/src/llm/hostile-errors.test.ts',
      'test/src/testing/built-in-machines.test.ts',
    ],
    hasLengths: true,
  },
];
