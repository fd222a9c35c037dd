import type { Reporter, TestModule, Vitest } from 'vitest/node';

/**
 * Tells at the end what has not been run. Where everything has to be, what was left out or skipped fails the run.
 *
 * @param leftOut What to tell about rooms that could not be run; undefined where there are none.
 * @param isStrict Whether everything has to be run.
 */
export function createLeftOutReporter(leftOut: string | undefined, isStrict: boolean): Reporter {
  let isNarrowed = false;
  return {
    onInit({ config }: Vitest) {
      // Whoever asks for some tests by name skips the others on purpose.
      isNarrowed = config.testNamePattern !== undefined;
    },
    onTestRunEnd(modules: readonly TestModule[]) {
      const skipped = isNarrowed ? [] : modules.flatMap(skippedIn);
      const lines = [...(leftOut === undefined ? [] : [leftOut]), ...skipped];
      if (lines.length === 0) return;
      console.log(`\n${lines.join('\n')}`);
      if (!isStrict) return;
      console.log('Everything has to be run here, so this is a failure.');
      process.exitCode = 1;
    },
  };
}

function skippedIn(module: TestModule): readonly string[] {
  return [...module.children.allTests('skipped')].map((test) => {
    const result = test.result();
    const reason = 'note' in result ? result.note : undefined;
    return `Skipped: ${test.fullName}: ${reason ?? 'no reason is given'}`;
  });
}
