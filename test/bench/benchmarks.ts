import type { Benchmark } from './benchmark.ts';
import { fleetBenchmarks } from './fleet/fleet-benchmarks.ts';
import { libraryBenchmarks } from './libraries/library-benchmarks.ts';
import { partBenchmarks } from './parts/part-benchmarks.ts';

/**
 * Lists everything that can be measured. Each benchmark loads what it needs when it is measured, so that listing them
 * costs nothing.
 *
 * @param isQuick - As little as possible of everything, to see that it works.
 */
export function createBenchmarks(isQuick: boolean): readonly Benchmark[] {
  return [...libraryBenchmarks(isQuick), ...partBenchmarks(isQuick), ...fleetBenchmarks(isQuick)];
}
