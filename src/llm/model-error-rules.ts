import type { ModelErrorKind } from './model-error-kind.ts';

/** What a breaker makes of one kind of error. */
export interface ModelErrorRule {
  /** Whether the error counts as a failure. One that does not is neutral: neither failure nor success. */
  readonly counts: boolean;
  /**
   * Whether one such failure opens the circuit, whatever the threshold. A number: when the provider asks for a wait of
   * at least so many milliseconds.
   */
  readonly opensAtOnce: boolean | number;
  /**
   * How long to wait where the provider asks for no wait that can be used, in milliseconds from 1 to 2147483647.
   * @default the breaker's `recoveryTimeout`
   */
  readonly defaultWaitMs?: number | undefined;
  /**
   * The longest wait a provider may ask for, in milliseconds from 1 to 2147483647; a longer one is cut to it, one
   * under a second becomes a second.
   * @default none: the wait that the provider asks for is not used
   */
  readonly longestWaitMs?: number | undefined;
}

/** One rule per kind of error. */
export type ModelErrorRules = Readonly<Record<ModelErrorKind, ModelErrorRule>>;

const secondMs = 1_000;
const minuteMs = 60 * secondMs;
const hourMs = 60 * minuteMs;

/** The shortest wait that is made of a provider's hint, in milliseconds. */
export const shortestWaitMs = secondMs;

/**
 * A quota that is back within this time, in milliseconds, is a rate limit: Azure and Gemini describe a burst in the
 * words of an exhausted quota.
 */
export const longestBurstMs = minuteMs;

/**
 * The judgement of model errors that `classifyModelError` and `modelCalls` start from. Failures of the provider count;
 * failures that the next, different request would not share do not.
 *
 * @example
 * ```ts
 * modelErrorRules.quota; // { counts: true, opensAtOnce: true, defaultWaitMs: 900000, longestWaitMs: 86400000 }
 * ```
 */
export const modelErrorRules: ModelErrorRules = {
  aborted: { counts: false, opensAtOnce: false },
  overloaded: { counts: true, opensAtOnce: false, longestWaitMs: 15 * minuteMs },
  serverError: { counts: true, opensAtOnce: false, longestWaitMs: 15 * minuteMs },
  connection: { counts: true, opensAtOnce: false },
  timeout: { counts: true, opensAtOnce: false },
  rateLimit: { counts: true, opensAtOnce: 10 * secondMs, longestWaitMs: 15 * minuteMs },
  quota: { counts: true, opensAtOnce: true, defaultWaitMs: 15 * minuteMs, longestWaitMs: 24 * hourMs },
  auth: { counts: true, opensAtOnce: true, defaultWaitMs: 5 * minuteMs },
  modelNotFound: { counts: false, opensAtOnce: false },
  permission: { counts: false, opensAtOnce: false },
  contextLength: { counts: false, opensAtOnce: false },
  badRequest: { counts: false, opensAtOnce: false },
  refusal: { counts: false, opensAtOnce: false },
  emptyResponse: { counts: true, opensAtOnce: false },
  interrupted: { counts: true, opensAtOnce: false, longestWaitMs: 15 * minuteMs },
  toolError: { counts: false, opensAtOnce: false },
  rejected: { counts: false, opensAtOnce: false },
  unknown: { counts: true, opensAtOnce: false, longestWaitMs: 15 * minuteMs },
};
