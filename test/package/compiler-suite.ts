import { describe, expect, it } from 'vitest';
import { type Compilation, type ConsumerCompiler, endsOfCompilers, errorsIn } from './compile-consumers.ts';
import type { InstalledPackage } from './installed-package.ts';
import { runCommand } from './run-command.ts';
import { compilerVersions } from './tools.ts';

/** Compilers are slow on a machine that runs every other test at the same time. */
const patience = { timeout: 600_000 };
const projects = ['node16', 'bundler'] as const;
const projectsWithLibraries = ['sdks', 'sdks-bundler'] as const;
const oldXStates = ['5.18.2', '5.28'] as const;

/** Compiles the consumers of the installed package under every TypeScript that is supported. */
export function describeCompilers(getPackage: () => InstalledPackage, { compile }: ConsumerCompiler): void {
  const expectNoErrors = async (compilation: Compilation): Promise<void> => {
    const result = await compile(compilation);
    expect(errorsIn(result)).toEqual([]);
    // 1 would be that of a compiler that has done nothing.
    expect([0, 2]).toContain(result.exitCode);
  };

  describe.concurrent.each(compilerVersions)('TypeScript %s', patience, (compiler) => {
    it('is the compiler that is said', async () => {
      const output = await runCommand(process.execPath, [getPackage().tools.compiler(compiler), '--version'], '.');
      expect(output.trim()).toMatch(new RegExp(`^Version ${compiler.replace('.', '\\.')}\\.`));
    });

    it.each(projects)('finds no error in the consumers (%s), nor in the declarations of the package', async (project) =>
      expectNoErrors({ compiler, project }),
    );

    it.each(projectsWithLibraries)(
      'finds no error in the consumers with libraries that have integrations (%s)',
      async (project) => expectNoErrors({ compiler, project }),
    );
  });

  describe.concurrent.each(oldXStates)('XState %s', patience, (xstate) => {
    describe.each(endsOfCompilers)('and TypeScript %s', (compiler) => {
      it.each(projects)(
        'find no error in the consumers (%s), nor in the declarations of the package',
        async (project) => expectNoErrors({ compiler, project, xstate }),
      );
    });
  });
}
