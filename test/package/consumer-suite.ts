import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { InstalledPackage } from './installed-package.ts';
import { type CommandResult, runCommand, tryCommand } from './run-command.ts';
import { type CompilerVersion, type NodeMajor, nodeMajors } from './tools.ts';

const projects = [
  'esm/tsconfig.node16.json',
  'esm/tsconfig.bundler.json',
  'cjs/tsconfig.node16.json',
  'legacy/tsconfig.node16.json',
] as const;
const versions: readonly CompilerVersion[] = ['5.9', '6.0', '7.0'];
/** Each Node runs what another compiler has made. */
const compilerOf: Readonly<Record<NodeMajor, CompilerVersion>> = { '20': '5.9', '22': '6.0', '24': '7.0' };

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
    join(getPackage().consumers, ...[project.split('/')[0] ?? '', 'out', version, project]);

  /** Compiles a project once; it writes its output even where it finds errors. */
  const compile = (version: CompilerVersion, project: Project): Promise<CommandResult> => {
    const { consumers, tools } = getPackage();
    const known = compiled.get(`${version} ${project}`);
    if (known) return known;
    const arguments_ = [tools.compiler(version), '-p', project, '--outDir', outputFolder(version, project)];
    const result = tryCommand(process.execPath, arguments_, consumers);
    compiled.set(`${version} ${project}`, result);
    return result;
  };

  /** Runs what a project was compiled to and returns what it printed. */
  const run = async (node: string, version: CompilerVersion, project: Project, file: string): Promise<unknown> => {
    await compile(version, project);
    const output = await runCommand(node, [join(outputFolder(version, project), file)], getPackage().consumers);
    return JSON.parse(output);
  };

  describe.concurrent.each(versions)('TypeScript %s', (version) => {
    it('is the compiler that is said', async () => {
      const output = await runCommand(process.execPath, [getPackage().tools.compiler(version), '--version'], '.');
      expect(output.trim()).toMatch(new RegExp(`^Version ${version.replace('.', '\\.')}\\.`));
    });

    it.each(projects)('finds no error in %s, nor in the declarations of the package', async (project) => {
      const { exitCode, output } = await compile(version, project);
      expect(errorsIn(output)).toEqual([]);
      expect(exitCode).toBeLessThanOrEqual(2);
    });
  });

  describe.concurrent.each(nodeMajors)('Node %s', (major) => {
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

    test('runs an ESM consumer, which ends although its circuits are open', async (node) => {
      expect(await run(node, version, 'esm/tsconfig.node16.json', 'main.js')).toEqual(everyWayWorks);
    });

    test('runs a CJS consumer, which ends although its circuits are open', async (node) => {
      expect(await run(node, version, 'cjs/tsconfig.node16.json', 'main.js')).toEqual(everyWayWorks);
    });

    test('runs a consumer with legacy decorators', async (node) => {
      expect(await run(node, version, 'legacy/tsconfig.node16.json', 'main.js')).toEqual({
        answer: 'hello, worldworld',
        items: [1, 2],
        mistyped: 'rejected',
        rejected: 'agent',
        isOneBreaker: true,
      });
    });

    test('S-42 loads two copies, ESM and CJS, whose errors know each other', async (node) => {
      expect(await run(node, version, 'esm/tsconfig.node16.json', 'both-copies.js')).toEqual({
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
