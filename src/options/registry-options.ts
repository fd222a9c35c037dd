import type { RegistrySnapshot } from '../circuit/registry-snapshot.ts';
import type { BreakerOptions } from './breaker-options.ts';

/** Options of a registry: those of its breakers, each of which is named by its key. */
export interface BreakerRegistryOptions extends Omit<BreakerOptions, 'name' | 'snapshot'> {
  /**
   * How many breakers the registry holds at most, from 1 to 2147483647. For one more, the least recently used breaker
   * that is closed and idle is stopped and forgotten; where there is none, the least recently used that is half-open and
   * idle, whose next call would have been a trial; where there is none either, the registry holds more for a while.
   * @default none
   */
  readonly maxSize?: number | undefined;
  /**
   * What `toJSON()` of a registry returned, maybe in another process: the new one goes on from there. A breaker whose way of
   * counting is not that of these options is made when it is asked for with overrides that fit.
   * @default none
   */
  readonly snapshot?: RegistrySnapshot | undefined;
}

/** Options of one breaker of a registry; its clock and its inspector are those of the registry. */
export type BreakerOverrides = Omit<BreakerOptions, 'clock' | 'inspect'>;
