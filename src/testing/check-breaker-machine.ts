import { describeValue } from '../../machines/settings/describe-value.ts';
import type { CircuitBreakerMachine } from '../machine/customise-machine.ts';
import { restoreBench, startBench } from './machine-bench.ts';
import type { Subject } from './machine-rule.ts';
import { machineRules } from './machine-rules.ts';

/** How a machine is checked. */
export interface MachineCheckOptions {
  /**
   * A failure that counts, by whatever the machine judges errors by. Where it is an Error, its message must not be
   * found in what the machine persists, if it has at least 8 characters.
   * @default an Error
   */
  readonly failure?: unknown;
}

/**
 * Checks that a breaker's machine which you have changed with `.provide()` still keeps the rules that do not depend on
 * how it judges: an open circuit recovers, trials stay within their number, late and neutral results change nothing, a
 * ramp takes its time, every change is told, no event stops the actor, what is stored holds no error, and so on. For your
 * tests; it takes about a tenth of a second.
 *
 * What opens a closed circuit, and whether fewer good trials than `successThreshold` close it, is judgement and is not
 * checked. Errors are judged by the guard `countsAsFailure` alone: an `isNeutral` that does not ask it is refused.
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
  { failure = new Error('a failure of the check') }: MachineCheckOptions = {},
): void {
  if (typeof machine?.provide !== 'function')
    throw new TypeError(
      `checkBreakerMachine wants a machine, such as createBreakerMachine() makes, but was given ${describeValue(machine)}.`,
    );
  const uncounting = machine.provide({ guards: { countsAsFailure: () => false } });
  const subject: Subject = {
    start: () => startBench(machine),
    startUncounting: () => startBench(uncounting),
    restore: (from, afterMs) => restoreBench(from, afterMs, machine),
    failure,
  };
  const broken = machineRules.flatMap(({ name, check }) => {
    try {
      check(subject);
      return [];
    } catch (error) {
      return [`- ${name}: ${error instanceof Error ? error.message : String(error)}.`];
    }
  });
  if (broken.length > 0) throw new Error(`This machine breaks rules of a circuit breaker:\n${broken.join('\n')}`);
}
