import { describeValue } from '../../machines/option-rules.ts';
import { propertyOf } from '../assert-runs-breaker.ts';
import type { BreakerRegistry } from '../breaker-registry.ts';
import type { CircuitBreaker } from '../circuit-breaker.ts';

/**
 * Which breaker guards a tool: one for all of them, one per tool name, or what a function of the name says; undefined for
 * a tool that is called without.
 */
export type ToolBreakers = CircuitBreaker | BreakerRegistry | ((tool: string) => CircuitBreaker | undefined);

/** The breaker that guards a tool. */
export function breakerOfTool(breakers: ToolBreakers, tool: string): CircuitBreaker | undefined {
  if (typeof breakers === 'function') return breakers(tool);
  // Asked by its shape: it may be of another copy of this package.
  return 'acquire' in breakers ? breakers : breakers.get(tool);
}

/** @throws TypeError for anything that is no breaker, no registry and no function. */
export function assertToolBreakers(breakers: unknown): void {
  if (typeof breakers === 'function' || isBreaker(breakers) || typeof propertyOf(breakers, 'get') === 'function')
    return;
  throw new TypeError(
    `guardMcpClient wants a breaker, a registry or a function that returns a breaker, but was given ${describeValue(breakers)}.`,
  );
}

/** Tells whether something is a breaker. */
export function isBreaker(value: unknown): boolean {
  return typeof propertyOf(value, 'acquire') === 'function';
}
