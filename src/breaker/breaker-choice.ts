import { propertyOf } from '../../machines/property-of.ts';
import { describeValue } from '../../machines/settings/describe-value.ts';
import type { CircuitBreakerOpenError } from '../errors/circuit-breaker-open-error.ts';
import type { Breaker } from './breaker.ts';
import { isBreaker } from './is-breaker.ts';

/** One breaker per key: a registry, or whatever else gives one for every key. */
export interface BreakersByKey {
  get(key: string): Breaker;
}

/**
 * Which breaker a call goes to: one for all, one per key, or what a function says of its subject, which is asked for each
 * call; undefined for a call that is made without.
 */
export type BreakerFor<Subject> = Breaker | BreakersByKey | ((subject: Subject) => Breaker | undefined);

/** Which breaker guards a tool, by its name; see `BreakerFor`. */
export type ToolBreakers = BreakerFor<string>;

/** Who asks for a choice, and what it is made by. */
export interface ChoiceContext<Subject> {
  /** The function that was given the choice, for errors. */
  readonly asker: string;
  /** Whether nothing may be called without a breaker. */
  readonly isNeeded?: boolean | undefined;
  /** The key of a subject in a registry; left out where a registry is no choice. */
  readonly keyOf?: ((subject: Subject) => string) | undefined;
}

/**
 * Turns a choice into the function that makes it.
 *
 * @throws TypeError if it is none; the function throws one for what is no breaker, but for an undefined that is allowed.
 */
export function toBreakerOf<Subject>(
  choice: BreakerFor<Subject>,
  context: ChoiceContext<Subject> & { readonly isNeeded: true },
): (subject: Subject) => Breaker;
export function toBreakerOf<Subject>(
  choice: BreakerFor<Subject>,
  context: ChoiceContext<Subject>,
): (subject: Subject) => Breaker | undefined;
export function toBreakerOf<Subject>(
  choice: BreakerFor<Subject>,
  { asker, keyOf, isNeeded = false }: ChoiceContext<Subject>,
): (subject: Subject) => Breaker | undefined {
  const reject = (verb: string, value: unknown): never => {
    const wanted = `a breaker${keyOf ? ', a registry' : ''} or a function that returns a breaker`;
    throw new TypeError(`${asker} wants ${wanted}, but ${verb} ${describeValue(value)}.`);
  };
  if (isBreaker(choice)) return () => choice;
  if (typeof choice === 'function')
    return (subject) => {
      const breaker = choice(subject);
      return isBreaker(breaker) || (breaker === undefined && !isNeeded) ? breaker : reject('it returned', breaker);
    };
  if (keyOf && hasKeys(choice))
    return (subject) => {
      const breaker: unknown = choice.get(keyOf(subject));
      return isBreaker(breaker) ? breaker : reject('its get() returned', breaker);
    };
  return reject('was given', choice);
}

/** Tells whether something is a choice, a registry included. */
export function isBreakerChoice(value: unknown): boolean {
  return typeof value === 'function' || isBreaker(value) || hasKeys(value);
}

/** A rejection in words for the model that has called a tool: it knows the tool, not a breaker of several tools. */
export function rejectionInWords(rejection: CircuitBreakerOpenError, tool: string): string {
  const text = rejection.toModelMessage();
  return rejection.breaker === tool ? text : `The tool "${tool}" depends on "${rejection.breaker}". ${text}`;
}

function hasKeys(value: unknown): value is BreakersByKey {
  return typeof propertyOf(value, 'get') === 'function';
}
