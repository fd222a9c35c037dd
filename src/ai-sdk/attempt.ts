import { propertyOf } from '../../machines/property-of.ts';
import type { Breaker } from '../breaker/breaker.ts';

const key = Symbol.for('agent-circuit-breaker.attempt');

/** What of an attempt is known to all copies of this package. */
interface AnyAttempt {
  readonly isProbe: boolean;
  admitBy(breaker: Breaker): void;
}

/**
 * What a composite of models and the middleware of one of them tell each other about a call. It travels with the call's
 * parameters, past whatever other middleware there is between the two.
 */
export class Attempt implements AnyAttempt {
  /** Whether the call is made past the circuit and counts nothing. */
  readonly isProbe: boolean;
  /** The attempt of a composite that this one is a part of. */
  readonly #outer: AnyAttempt | undefined;
  #breaker: Breaker | undefined;

  private constructor(outer: AnyAttempt | undefined, isProbe: boolean) {
    this.#outer = outer;
    this.isProbe = isProbe;
  }

  /** Begins an attempt at a call. */
  static begin(params: object, { isProbe = false } = {}): Attempt {
    return new Attempt(Attempt.of(params), isProbe);
  }

  /** The attempt that a call belongs to; undefined for a call that was made by itself. */
  static of(params: object): AnyAttempt | undefined {
    const attempt = propertyOf(params, key);
    return isAttempt(attempt) ? attempt : undefined;
  }

  /** The breaker that was asked for admission last; undefined where there was none. */
  get breaker(): Breaker | undefined {
    return this.#breaker;
  }

  /** Takes note of the breaker that is asked for admission. */
  admitBy(breaker: Breaker): void {
    this.#breaker = breaker;
    this.#outer?.admitBy(breaker);
  }

  /** The parameters of the call with the attempt in them. */
  addTo<Params extends object>(params: Params): Params {
    return { ...params, [key]: this };
  }
}

/** By its shape: the middleware may be of another copy of this package than the composite. */
function isAttempt(value: unknown): value is AnyAttempt {
  return typeof propertyOf(value, 'admitBy') === 'function';
}
