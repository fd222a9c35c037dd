import { Session } from 'node:inspector/promises';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../..', import.meta.url));

/** What runs of the package in the course of something. */
export interface Walk {
  /** The files in which anything runs, from the top of the project. */
  readonly files: readonly string[];
  /** How many functions run, each as often as it does. */
  readonly moves: number;
}

/**
 * Walks what a piece of code makes run of the package, by what the engine counts itself.
 *
 * @param code - Runs once; what it awaits is walked, too.
 */
export async function walk(code: () => unknown): Promise<Walk> {
  const session = new Session();
  session.connect();
  try {
    await session.post('Profiler.enable');
    await session.post('Profiler.startPreciseCoverage', { callCount: true, detailed: false });
    // What was counted until now.
    await session.post('Profiler.takePreciseCoverage');
    await code();
    const { result } = await session.post('Profiler.takePreciseCoverage');
    const walked = result.flatMap(({ url, functions }) => {
      const file = url.replace('file://', '').replace(root, '');
      // Doors only lead in, and the clock of the tests is not of the package's own.
      if (!/^(src\/(?!testing\/).+\/|machines\/)/.test(file)) return [];
      const moves = functions.reduce((sum, { ranges: [range] }) => sum + (range?.count ?? 0), 0);
      return moves > 0 ? [{ file, moves }] : [];
    });
    return {
      files: walked.map(({ file }) => file).sort(),
      moves: walked.reduce((sum, { moves }) => sum + moves, 0),
    };
  } finally {
    session.disconnect();
  }
}
