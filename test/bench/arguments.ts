import { resolve } from 'node:path';
import { parseArgs } from 'node:util';

/** What the benchmark is asked for. */
export interface BenchArguments {
  /** Parts of the names of rows; none for all. */
  readonly names: readonly string[];
  /** Only the names. */
  readonly list: boolean;
  readonly json: boolean;
  /** As little as possible of everything, to see that it works. */
  readonly quick: boolean;
  /** The top of a checkout of the package, to be measured instead of this one. */
  readonly package: string | undefined;
}

/**
 * Reads the arguments of the command.
 *
 * @throws TypeError for one that there is not.
 */
export function readArguments(words: readonly string[]): BenchArguments {
  const { values, positionals } = parseArgs({
    args: [...words],
    allowPositionals: true,
    options: {
      list: { type: 'boolean', default: false },
      json: { type: 'boolean', default: false },
      quick: { type: 'boolean', default: false },
      package: { type: 'string' },
    },
  });
  // npm starts scripts at the top of the project, wherever it was called.
  const folder = values.package && resolve(process.env.INIT_CWD ?? '', values.package);
  return { ...values, names: positionals, package: folder };
}
