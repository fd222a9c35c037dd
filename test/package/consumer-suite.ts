import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Compilation, ConsumerCompiler } from './compile-consumers.ts';
import type { InstalledPackage } from './installed-package.ts';
import { runCommand } from './run-command.ts';
import { type CompilerVersion, type NodeMajor, nodeMajors } from './tools.ts';

/** Each Node runs what another compiler has made. */
const compilerOf: Readonly<Record<NodeMajor, CompilerVersion>> = { '20': '5.2', '22': '6.0', '24': '7.0' };
const oldXStates = ['5.18.2', '5.28'] as const;
/** Compilers are slow on a machine that runs every other test at the same time. */
const patience = { timeout: 600_000 };

/** What the consumers have to see that use everything. */
const everyWayWorks = {
  package: {
    doubled: 42,
    length: 4,
    asked: 'hello, world',
    failed: true,
    rejected: 'ERR_CIRCUIT_OPEN',
    late: 5,
    state: 'open',
    permit: true,
    sum: 13,
    attached: 'closed',
    chart: true,
    refused: 'failureThreshold',
  },
  chart: {
    openings: 1,
    value: 'open',
    isMistaken: false,
    afterWait: { halfOpen: 'free' },
    asTrial: true,
    attached: 'own',
    child: 'closed',
    length: 4,
    isSound: true,
  },
  entries: {
    kind: 'rateLimit',
    isEmpty: false,
    text: 'second',
    middleware: 'third',
    fetched: [200, 503, 503, 'open'],
    called: 6,
    taken: 'second false first',
    keys: ['one', 'two'],
  },
};

/** Runs the consumers of the installed package on every Node that is supported. */
export function describeConsumers(getPackage: () => InstalledPackage, { run }: ConsumerCompiler): void {
  describe.concurrent.each(nodeMajors)('Node %s', patience, (major) => {
    const compiler = compilerOf[major];
    const onNode: Compilation = { compiler, project: 'node16' };
    const bundled: Compilation = { compiler, project: 'bundler' };
    const test = (name: string, body: (node: string) => Promise<void>) =>
      it(name, async ({ skip }) => {
        const node = getPackage().tools.node(major);
        if (node === undefined) return skip(`the registry has no Node for ${process.platform}-${process.arch}`);
        await body(node);
      });

    test('is the Node that is said', async (node) => {
      expect(await runCommand(node, ['--version'], '.')).toMatch(new RegExp(`^v${major}\\.`));
    });

    test('S-25 runs an ESM consumer, which ends although its circuits are open', async (node) => {
      expect(await run(node, onNode, 'esm/main.js')).toEqual(everyWayWorks);
    });

    test('S-25 runs a CJS consumer, which ends although its circuits are open', async (node) => {
      expect(await run(node, onNode, 'cjs/main.js')).toEqual(everyWayWorks);
    });

    test('runs a consumer with legacy decorators', async (node) => {
      expect(await run(node, bundled, 'legacy/every-way.js')).toEqual(everyWayWorks);
      expect(await run(node, bundled, 'legacy/main.js')).toEqual({
        answer: 'hello, worldworld',
        items: [1, 2],
        mistyped: 'rejected',
        rejected: 'agent',
        isOneBreaker: true,
      });
    });

    test('S-42 loads two copies, ESM and CJS, whose errors know each other', async (node) => {
      expect(await run(node, onNode, 'esm/both-copies.js')).toEqual({
        areTwoCopies: [true, true, true, true],
        esmKnowsCjs: [true, true, true, true],
        cjsKnowsEsm: [true, true, true, true],
        confuses: [],
        found: true,
        stateAfterExcluded: 'closed',
      });
    });

    test('loads every entry without a timer, a global, a listener or a word', async (node) => {
      const { consumers } = getPackage();
      expect(JSON.parse(await runCommand(node, [join(consumers, 'imports-quietly.mjs')], consumers))).toEqual({
        deeds: [],
        newGlobals: [],
        timers: [],
        isTraceLimitKept: true,
      });
    });

    test('runs a consumer of libraries that have integrations', async (node) => {
      expect(await run(node, { compiler, project: 'sdks' }, 'sdks/main.js')).toEqual({
        length: 4,
        middleware: 'CircuitBreakerMiddleware',
        status: 529,
        rejected: true,
      });
    });
  });

  describe.concurrent.each(oldXStates)('XState %s', patience, (xstate) => {
    it.each(['esm', 'cjs'])('runs the consumers (%s)', async (kind) => {
      const compilation: Compilation = { compiler: '7.0', project: 'node16', xstate };
      expect(await run(process.execPath, compilation, `${kind}/main.js`)).toEqual(everyWayWorks);
    });
  });
}
