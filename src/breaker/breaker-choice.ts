import type { CircuitBreakerOpenError } from '../errors/circuit-breaker-open-error.ts';
import type { BreakerRegistry } from '../registry/breaker-registry.ts';
import type { CircuitBreaker } from './circuit-breaker.ts';
import { isBreaker } from './is-breaker.ts';

/**
 * Which breaker guards a tool: one for all of them, one per tool name, or what a function of the name says; undefined for
 * a tool that is called without.
 */
export type ToolBreakers = CircuitBreaker | BreakerRegistry | ((tool: string) => CircuitBreaker | undefined);

/** The breaker that guards a tool. */
export function breakerOfTool(breakers: ToolBreakers, tool: string): CircuitBreaker | undefined {
  if (typeof breakers === 'function') return breakers(tool);
  return isBreaker(breakers) ? breakers : breakers.get(tool);
}

/** A rejection in words for the model that has called a tool: it knows the tool, not a breaker of several tools. */
export function rejectionInWords(rejection: CircuitBreakerOpenError, tool: string): string {
  const text = rejection.toModelMessage();
  return rejection.breaker === tool ? text : `The tool "${tool}" depends on "${rejection.breaker}". ${text}`;
}
