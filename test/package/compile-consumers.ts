import { cp, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { consumerKinds, type InstalledPackage, type XStateVersion } from './installed-package.ts';
import { type CommandResult, runCommand, tryCommand } from './run-command.ts';
import type { CompilerVersion } from './tools.ts';

/**
 * The settings under which consumers are compiled: on Node and for a bundler, without and with libraries of others; and
 * the one that uses both copies of the package.
 */
export type Project = 'node16' | 'bundler' | 'sdks' | 'sdks-bundler' | 'copies';

/** How consumers are compiled. */
export interface Compilation {
  readonly compiler: CompilerVersion;
  readonly project: Project;
  /** @default 'newest' */
  readonly xstate?: XStateVersion;
}

/** Compiles consumers, each way once, and runs them. */
export interface ConsumerCompiler {
  /** Compiles; there is output even where there are errors. */
  compile(compilation: Compilation): Promise<CommandResult>;
  /** Runs the program that a file was compiled to; what it printed is returned. */
  run(node: string, compilation: Compilation, file: string): Promise<unknown>;
}

/** What holds for the oldest and for the newest compiler is not tried with each. */
export const endsOfCompilers: readonly CompilerVersion[] = ['5.2', '7.0'];

/** Compilers are slow on a machine that runs every other test at the same time. */
const patienceMs = 500_000;

export function createConsumerCompiler(getPackage: () => InstalledPackage): ConsumerCompiler {
  const results = new Map<string, Promise<CommandResult>>();

  const compile = (compilation: Compilation): Promise<CommandResult> => {
    const key = JSON.stringify(compilation);
    const result = results.get(key) ?? compileAnew(getPackage(), compilation);
    results.set(key, result);
    return result;
  };

  return {
    compile,
    async run(node, compilation, file) {
      await compile(compilation);
      const consumers = await getPackage().consumersWith(compilation.xstate ?? 'newest');
      return JSON.parse(await runCommand(node, [join(outputFolder(consumers, compilation), file)], consumers));
    },
  };
}

/** The errors of a compilation in the consumers and in the declarations of the package; those of others are theirs. */
export function errorsIn({ output }: CommandResult): readonly string[] {
  const ofOthers = /^\S*node_modules\/(?!agent-circuit-breaker\/)/;
  return output.split(/\n(?=\S)/).filter((error) => error.trim() !== '' && !ofOthers.test(error));
}

async function compileAnew(installed: InstalledPackage, compilation: Compilation): Promise<CommandResult> {
  const { compiler, project, xstate = 'newest' } = compilation;
  const consumers = await installed.consumersWith(xstate);
  const output = outputFolder(consumers, compilation);
  const options = ['-p', `${project}.json`, '--outDir', output, ...optionsOf(compilation)];
  const command = [installed.tools.compiler(compiler), ...options];
  const result = await tryCommand(process.execPath, command, consumers, { patienceMs });
  for (const kind of consumerKinds)
    if (await isThere(join(output, kind)))
      await cp(join(consumers, kind, 'package.json'), join(output, kind, 'package.json'));
  return result;
}

function optionsOf({ compiler, project }: Compilation): readonly string[] {
  const isSince = (version: CompilerVersion) => Number(compiler) >= Number(version);
  return [
    ...(isSince('5.6') ? ['--noUncheckedSideEffectImports'] : []),
    // Before 5.4 a declaration file could not name a type by the entry that exports it, but only by its own file.
    ...(isSince('5.4') ? [] : ['--declaration', 'false']),
    ...(checksDeclarations(compiler, project) ? [] : ['--skipLibCheck']),
  ];
}

/** Reading all that the libraries of others declare takes longer than all the rest, so only the ends do it. */
function checksDeclarations(compiler: CompilerVersion, project: Project): boolean {
  if (project === 'node16' || project === 'bundler') return true;
  return project !== 'copies' && endsOfCompilers.includes(compiler);
}

const outputFolder = (consumers: string, { compiler, project }: Compilation) =>
  join(consumers, 'out', compiler, project);

const isThere = (path: string): Promise<boolean> =>
  stat(path).then(
    () => true,
    () => false,
  );
