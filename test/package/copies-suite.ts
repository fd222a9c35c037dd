import { describe, expect, it } from 'vitest';
import { type Compilation, type ConsumerCompiler, endsOfCompilers, errorsIn } from './compile-consumers.ts';

/** Compilers are slow on a machine that runs every other test at the same time. */
const patience = { timeout: 600_000 };

/** What a call through each function comes to that takes a breaker: an answer; and after a failure, a rejection. */
const works = ['answer', 'open', 'open'];
const everyFunctionWorks = {
  failover: works,
  failoverStream: works,
  guarded: works,
  guardedByActor: works,
  attachBreaker: works,
  breakerFetch: works,
  anthropicBreaker: works,
  modelMiddleware: works,
  failoverModel: works,
  guardRunnable: works,
  guardMcpClient: works,
  registry: 'answer',
  isBreaker: [true, true, false, false],
  next: ['sound', 0, 1, 1],
  goesOn: 'open',
};

/** Hands breakers that one copy of the installed package has made to the other copy. */
export function describeCopies({ compile, run }: ConsumerCompiler): void {
  const compilations = endsOfCompilers.map((compiler): Compilation => ({ compiler, project: 'copies' }));

  describe('a breaker of another copy', patience, () => {
    it.each(compilations)('S-80 is one in its types, too: TypeScript $compiler', async (compilation) => {
      expect(errorsIn(await compile(compilation))).toEqual([]);
    });

    it.each(compilations)(
      'S-80 is one for every function that takes one: TypeScript $compiler',
      async (compilation) => {
        expect(await run(process.execPath, compilation, 'esm/exchange.js')).toEqual({
          areTwoCopies: true,
          esmOfEsm: everyFunctionWorks,
          esmOfCjs: everyFunctionWorks,
          cjsOfEsm: everyFunctionWorks,
          cjsOfCjs: everyFunctionWorks,
        });
      },
    );
  });
}
