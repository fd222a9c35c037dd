import { systemClock, wallLeadMs } from '../platform/clock.ts';
import type { ModelErrorKind } from './model-error-kind.ts';
import {
  longestBurstMs,
  type ModelErrorRule,
  type ModelErrorRules,
  modelErrorRules,
  shortestWaitMs,
} from './model-error-rules.ts';
import { fieldOf, textOf } from './read-field.ts';
import { recogniseModelError } from './recognise-model-error.ts';
import { findRetryHint, type RetryHint } from './retry-hint.ts';

/** What a breaker should make of an error of a model call. */
export interface ModelErrorClassification {
  /** What went wrong. */
  readonly kind: ModelErrorKind;
  /** Whether it counts as a failure; what does not is neutral. */
  readonly counts: boolean;
  /** Whether it opens the circuit by itself, whatever the threshold. */
  readonly opensAtOnce: boolean;
  /** How long the circuit should stay open, in milliseconds; undefined: as long as its `recoveryTimeout`. */
  readonly openFor: number | undefined;
  /** How long the provider asks to wait, in milliseconds, as it said it: not yet limited. */
  readonly retryAfterMs: number | undefined;
}

/** What can be known about a failed call besides its error. */
export interface ClassifyOptions {
  /** The caller's own signal: only it can tell an abort from a timeout. */
  readonly signal?: AbortSignal | undefined;
  /**
   * Tells the present in epoch milliseconds, for hints that are dates.
   * @default the wall clock
   */
  readonly now?: (() => number) | undefined;
}

/**
 * Judges the error of a model call: whose fault it is, whether it counts, and how long to wait. Made for the errors of
 * the OpenAI, Anthropic and Google clients, the AI SDK, LangChain and MCP, and of anything that speaks HTTP; imports none
 * of them. It never throws.
 *
 * @param error - Anything that was thrown.
 * @param options - The caller's signal, and a clock.
 * @returns The kind of error, and what follows from it by `modelErrorRules`.
 * @example
 * ```ts
 * classifyModelError(error);
 * // { kind: 'rateLimit', counts: true, opensAtOnce: true, openFor: 20000, retryAfterMs: 20000 }
 * ```
 */
export function classifyModelError(error: unknown, options: ClassifyOptions = {}): ModelErrorClassification {
  const { isAskedFor: _, ...classification } = classifyByRules(error, modelErrorRules, options);
  return classification;
}

/** A classification, and where its wait comes from. */
export interface JudgedError extends ModelErrorClassification {
  /** Whether the provider has asked for the wait. */
  readonly isAskedFor: boolean;
}

/** Judges an error as {@link classifyModelError} does, by other rules. */
export function classifyByRules(error: unknown, rules: ModelErrorRules, options: ClassifyOptions): JudgedError {
  const ended = kindOfAbort(options);
  if (ended) return toClassification(ended, rules, undefined);
  const { kind, decider, evidence } = recogniseModelError(error);
  const hint = kind === 'rejected' ? undefined : findRetryHint(decider, evidence, presentOf(options));
  const isBurst = kind === 'quota' && hint?.isExplicit && hint.ms > 0 && hint.ms <= longestBurstMs;
  return toClassification(isBurst ? 'rateLimit' : kind, rules, hint);
}

/** What the caller's signal says, whatever the error: an abort looks like a timeout in most SDKs, and in MCP. */
function kindOfAbort({ signal }: ClassifyOptions): ModelErrorKind | undefined {
  if (fieldOf(signal, 'aborted') !== true) return undefined;
  const name = textOf(fieldOf(signal, 'reason'), 'name');
  return name === 'TimeoutError' || name === 'CallTimeoutError' ? 'timeout' : 'aborted';
}

function toClassification(kind: ModelErrorKind, rules: ModelErrorRules, hint: RetryHint | undefined): JudgedError {
  const rule = rules[kind];
  const { counts, opensAtOnce } = rule;
  const isLongEnough = typeof opensAtOnce === 'number' ? (hint?.ms ?? 0) >= opensAtOnce : opensAtOnce;
  const askedMs = counts ? waitOf(kind, rule, hint) : undefined;
  return {
    kind,
    counts,
    opensAtOnce: counts && isLongEnough,
    openFor: counts ? (askedMs ?? rule.defaultWaitMs) : undefined,
    retryAfterMs: hint?.ms,
    isAskedFor: askedMs !== undefined,
  };
}

/** A hint is never trusted blindly: it is limited, and one of 0 says nothing. */
function waitOf(kind: ModelErrorKind, { longestWaitMs }: ModelErrorRule, hint?: RetryHint): number | undefined {
  // The limits of the next minute do not tell when a quota is back.
  const leastMs = kind === 'quota' ? longestBurstMs : 0;
  if (longestWaitMs === undefined || hint === undefined || hint.ms <= leastMs) return undefined;
  return Math.min(Math.max(hint.ms, shortestWaitMs), longestWaitMs);
}

function presentOf({ now }: ClassifyOptions): number {
  const wallMs = systemClock.now() + wallLeadMs(systemClock);
  try {
    const givenMs = now?.();
    return Number.isFinite(givenMs) ? Number(givenMs) : wallMs;
  } catch {
    return wallMs;
  }
}
