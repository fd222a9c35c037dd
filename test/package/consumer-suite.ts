import { cp } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { consumerKinds, type InstalledPackage } from './installed-package.ts';
import { type CommandResult, runCommand, tryCommand } from './run-command.ts';
import { type CompilerVersion, type NodeMajor, nodeMajors } from './tools.ts';

/** The settings under which consumers are compiled: on Node, and in a bundler with the legacy decorators. */
const projects = ['node16', 'bundler'] as const;
const versions: readonly CompilerVersion[] = ['5.9', '6.0', '7.0'];
/** Each Node runs what another compiler has made. */
const compilerOf: Readonly<Record<NodeMajor, CompilerVersion>> = { '20': '5.9', '22': '6.0', '24': '7.0' };
/** Compilers are slow on a machine that runs every other test at the same time. */
const patience = { timeout: 180_000 };

type Project = (typeof projects)[number];

/** What `usePackage` of the consumers has to see. */
const everyWayWorks = {
  doubled: 42,
  length: 4,
  asked: 'hello, world',
  failed: true,
  rejected: 'ERR_CIRCUIT_OPEN',
  late: 5,
  state: 'open',
  permit: true,
  attached: 'closed',
  chart: true,
  refused: 'failureThreshold',
};

/** Compiles and runs the consumers of the installed package. */
export function describeConsumers(getPackage: () => InstalledPackage): void {
  const compiled = new Map<string, Promise<CommandResult>>();
  const outputFolder = (version: CompilerVersion, project: Project) =>
    join(getPackage().consumers, 'out', version, project);

  /** Writes its output even where it finds errors. */
  const compile = async (version: CompilerVersion, project: Project): Promise<CommandResult> => {
    const { consumers, tools } = getPackage();
    const output = outputFolder(version, project);
    const options = ['-p', `${project}.json`, '--outDir', output];
    const result = await tryCommand(process.execPath, [tools.compiler(version), ...options], consumers);
    for (const kind of consumerKinds)
      await cp(join(consumers, kind, 'package.json'), join(output, kind, 'package.json'));
    return result;
  };

  const compileOnce = (version: CompilerVersion, project: Project): Promise<CommandResult> => {
    const result = compiled.get(`${version} ${project}`) ?? compile(version, project);
    compiled.set(`${version} ${project}`, result);
    return result;
  };

  /** Runs what a consumer was compiled to and returns what it printed. */
  const run = async (node: string, version: CompilerVersion, project: Project, file: string): Promise<unknown> => {
    await compileOnce(version, project);
    const output = await runCommand(node, [join(outputFolder(version, project), file)], getPackage().consumers);
    return JSON.parse(output);
  };

  describe.concurrent.each(versions)('TypeScript %s', patience, (version) => {
    it('is the compiler that is said', async () => {
      const output = await runCommand(process.execPath, [getPackage().tools.compiler(version), '--version'], '.');
      expect(output.trim()).toMatch(new RegExp(`^Version ${version.replace('.', '\\.')}\\.`));
    });

    it.each(projects)(
      'finds no error in the consumers (%s), nor in the declarations of the package',
      async (project) => {
        const { exitCode, output } = await compileOnce(version, project);
        expect(errorsIn(output)).toEqual([]);
        expect(exitCode).toBeLessThanOrEqual(2);
      },
    );
  });

  describe.concurrent.each(nodeMajors)('Node %s', patience, (major) => {
    const version = compilerOf[major];
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
      expect(await run(node, version, 'node16', 'esm/main.js')).toEqual(everyWayWorks);
    });

    test('S-25 runs a CJS consumer, which ends although its circuits are open', async (node) => {
      expect(await run(node, version, 'node16', 'cjs/main.js')).toEqual(everyWayWorks);
    });

    test('runs a consumer with legacy decorators', async (node) => {
      expect(await run(node, version, 'bundler', 'legacy/every-way.js')).toEqual(everyWayWorks);
      expect(await run(node, version, 'bundler', 'legacy/main.js')).toEqual({
        answer: 'hello, worldworld',
        items: [1, 2],
        mistyped: 'rejected',
        rejected: 'agent',
        isOneBreaker: true,
      });
    });

    test('S-42 loads two copies, ESM and CJS, whose errors know each other', async (node) => {
      expect(await run(node, version, 'node16', 'esm/both-copies.js')).toEqual({
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
  });
}

/**
 * The errors that a compiler has printed, each with its explanation; but not those inside the declarations of
 * XState, which do not hold under `exactOptionalPropertyTypes`.
 */
function errorsIn(output: string): readonly string[] {
  return output.split(/\n(?=\S)/).filter((error) => error.trim() !== '' && !error.startsWith('node_modules/xstate/'));
}
