import type { BreakerRegistryOptions } from '../options/registry-options.ts';
import { BreakerRegistry } from './breaker-registry.ts';

/**
 * Creates a registry: one breaker per key, all of one configuration and in one actor system.
 *
 * @param options - Those of the breakers, and `maxSize`; all optional.
 * @throws BreakerOptionsError that names the option, what is wanted and what was received.
 *
 * @example
 * ```ts
 * const registry = createBreakerRegistry({ failureThreshold: 3 });
 * const answer = await registry.get('gpt-5').call(callModel, 'Hello');
 * ```
 */
export function createBreakerRegistry(options: BreakerRegistryOptions = {}): BreakerRegistry {
  return new BreakerRegistry(options);
}
