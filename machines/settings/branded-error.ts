/**
 * What every error of this package is made of: it is recognised by a brand, not by its class, so that one of another copy
 * of the package (of the other kind of module, of a second version) is known, too.
 */
export abstract class BrandedError extends Error {
  /** Says which error it is, for programs. */
  abstract readonly code: string;

  /**
   * @param message - What happened, then what to do.
   * @param brand - What `brandOf` has made of the name of its class; left out where the prototype has it.
   */
  constructor(message: string, brand?: symbol, options?: ErrorOptions) {
    super(message, options);
    // Not enumerable: it is nobody's data.
    if (brand !== undefined) Object.defineProperty(this, brand, { value: true });
  }
}

/** The brand of a class, the same in every copy of this package. */
export function brandOf(className: string): symbol {
  return Symbol.for(`agent-circuit-breaker.${className}`);
}

/** Tells whether a value bears a brand. */
export function isBranded(value: unknown, brand: symbol): boolean {
  try {
    return typeof value === 'object' && value !== null && brand in value;
  } catch {
    return false;
  }
}
