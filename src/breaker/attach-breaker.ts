import type { BreakerActorRef } from '../circuit/chart-link.ts';
import type { AttachOptions } from '../options/breaker-options.ts';
import { assembleAttachment } from './assemble-breaker.ts';
import { CircuitBreaker } from './circuit-breaker.ts';

/**
 * Puts a facade over a breaker actor that somebody else runs: spawned in a parent, invoked by one, or a root actor.
 * The facade never stops the actor; when the actor is stopped, calls are rejected with reason `stopped`.
 *
 * @param actorRef - A started actor of `circuitBreakerMachine` or of a machine made by `createBreakerMachine`.
 * @param options - Callbacks, `fallback`, `timeout`, `clock`; how errors are judged belongs to the machine.
 * @throws TypeError if the actor runs another machine; BreakerOptionsError if an option is wrong.
 *
 * @example
 * ```ts
 * const breaker = attachBreaker(snapshot.context.breakerRef, { onOpen: () => pager.alert() });
 * await breaker.call(callModel, 'Hello');
 * ```
 */
export function attachBreaker(actorRef: BreakerActorRef, options: AttachOptions = {}): CircuitBreaker {
  return new CircuitBreaker(assembleAttachment(actorRef, options));
}
