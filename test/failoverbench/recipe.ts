import type { BreakerClock } from 'agent-circuit-breaker';

/** A way to make calls that survive what a provider does: one that is written down for users. */
export interface Recipe {
  readonly name: string;
  /**
   * Makes what asks two providers.
   *
   * @param urls - Where they are: the preferred one, and the one that takes its place.
   * @returns Asks for an answer, and resolves with the text that its caller is left with.
   */
  create(urls: readonly [string, string], clock: BreakerClock): () => Promise<string>;
}
