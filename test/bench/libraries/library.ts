/** What is called: it succeeds or fails at once, so that nothing but the breaker takes time. */
export type Operation = () => Promise<unknown>;

/** One breaker around one operation. */
export interface GuardedOperation {
  readonly call: () => Promise<unknown>;
  /** Stops what the breaker keeps running, such as timers. */
  readonly dispose?: () => void;
}

/** Many breakers of one configuration, each of which has made a call. */
export interface Population {
  readonly breakers: readonly object[];
  readonly dispose?: () => void;
}

/** The names of what is compared, as the report's columns. */
export type LibraryName = 'agent-circuit-breaker' | 'cockatiel' | 'opossum' | 'hand-written';

/** All of them, ours first. */
export const libraryNames: readonly LibraryName[] = ['agent-circuit-breaker', 'cockatiel', 'opossum', 'hand-written'];

/** What a window counts: failures in 30 s, the share of failures in 30 s, or that among the last `size` calls. */
export type WindowKind = 'failures over time' | 'rate over time' | 'rate of calls';

/** One library, set up alike in every situation. */
export interface Library {
  readonly name: LibraryName;
  /** Counts failures in a row, where the library can, with a threshold that is never reached. */
  consecutive(operation: Operation): GuardedOperation;
  /** Opens at the first failure, for longer than the benchmark takes. */
  fragile(operation: Operation): GuardedOperation;
  /** Judges the rate of the last 30 s, with a threshold that is not reached; left out where there are no rates. */
  rated?(operation: Operation): GuardedOperation;
  /** Watch the latest calls, with a threshold that is not reached; left out where the library has no such window. */
  readonly windows: Readonly<Partial<Record<WindowKind, (operation: Operation, size: number) => GuardedOperation>>>;
  /** Makes breakers as a program does that has one for each of many things. */
  populate(count: number, operation: Operation): Promise<Population>;
}

/** More failures than the benchmark ever makes. */
export const outOfReach = 1_000_000_000;

/** How long an open circuit stays open; a platform timer can wait that long. */
export const longWaitMs = 1_000_000_000;

/** A share of failures that is not reached by calls of which some succeed. */
export const rateOutOfReach = 0.999;

/** The length of every window over time. */
export const windowMs = 30_000;

/** Makes breakers one after the other and lets each make one call. */
export async function populate<B extends object>(
  count: number,
  create: () => B,
  call: (breaker: B) => Promise<unknown>,
): Promise<B[]> {
  const breakers = Array.from({ length: count }, create);
  for (const breaker of breakers) await call(breaker);
  return breakers;
}
