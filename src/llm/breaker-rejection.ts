import { CircuitBreakerOpenError } from '../errors/circuit-breaker-open-error.ts';
import { fieldOf } from './read-field.ts';

/** Tells whether an error says that a breaker did not make the call: this package's, opossum's or cockatiel's. */
export function isBreakerRejection(error: unknown): boolean {
  return (
    CircuitBreakerOpenError.isInstance(error) ||
    fieldOf(error, 'code') === 'EOPENBREAKER' ||
    fieldOf(error, 'isBrokenCircuitError') === true ||
    fieldOf(error, 'isHydratingCircuitError') === true
  );
}
