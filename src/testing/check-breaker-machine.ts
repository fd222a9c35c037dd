import type { CircuitBreakerMachine } from '../customise-machine.ts';
import { startBench } from './machine-bench.ts';
import { machineRules, restoreBench } from './machine-rules.ts';

/** How a machine is checked. */
export interface MachineCheckOptions {
  /**
   * A failure that counts, by whatever the machine judges errors by.
   * @default an Error
   */
  readonly failure?: unknown;
}

/**
 * Checks that a breaker's machine which you have changed with `.provide()` still keeps the rules that do not depend on
 * how it judges: an open circuit recovers, trials stay within their number, late results change nothing, no event stops
 * the actor, and so on. For your tests; it takes some milliseconds.
 *
 * @param machine - Made by `createBreakerMachine(...)`, maybe with `.provide(...)`.
 * @param options - `failure`, where an ordinary Error does not count.
 * @throws Error that names every rule which is broken, and how.
 *
 * @example
 * ```ts
 * const machine = createBreakerMachine().provide({ guards: { thresholdReached: () => true } });
 * checkBreakerMachine(machine);
 * ```
 */
export function checkBreakerMachine(
  machine: CircuitBreakerMachine,
  { failure = new Error('a failure') }: MachineCheckOptions = {},
): void {
  const start = () => startBench(machine);
  const restore: Parameters<(typeof machineRules)[number]['check']>[0]['restore'] = (from, afterMs) =>
    restoreBench(from, afterMs, machine);
  const broken = machineRules.flatMap(({ name, check }) => {
    try {
      check({ start, restore, failure });
      return [];
    } catch (error) {
      return [`- ${name}: ${error instanceof Error ? error.message : String(error)}.`];
    }
  });
  if (broken.length > 0) throw new Error(`This machine breaks rules of a circuit breaker:\n${broken.join('\n')}`);
}
