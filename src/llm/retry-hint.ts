import { errorChain } from './error-chain.ts';
import { gatherEvidence } from './error-evidence.ts';
import { parseMilliseconds, parseReset, parseWait } from './parse-wait.ts';
import { fieldOf } from './read-field.ts';
import { headersOf, type ReadHeader } from './read-header.ts';

/** How long a provider asks to wait. */
export interface RetryHint {
  /** Milliseconds, finite and at least 0. */
  readonly ms: number;
  /** Whether the provider asked for it, or it follows from when an exhausted limit is reset. */
  readonly isExplicit: boolean;
}

const limits = [
  ['x-ratelimit-remaining-requests', 'x-ratelimit-reset-requests'],
  ['x-ratelimit-remaining-tokens', 'x-ratelimit-reset-tokens'],
  ['x-ratelimit-remaining', 'x-ratelimit-reset'],
  ['ratelimit-remaining', 'ratelimit-reset'],
  ['anthropic-ratelimit-requests-remaining', 'anthropic-ratelimit-requests-reset'],
  ['anthropic-ratelimit-tokens-remaining', 'anthropic-ratelimit-tokens-reset'],
  ['anthropic-ratelimit-input-tokens-remaining', 'anthropic-ratelimit-input-tokens-reset'],
  ['anthropic-ratelimit-output-tokens-remaining', 'anthropic-ratelimit-output-tokens-reset'],
] as const;

/**
 * Finds how long a provider asks to wait: `retry-after-ms` and `retry-after` first, then Google's `RetryInfo`, then the
 * latest reset of the limits that are exhausted. An error without a hint is asked for the error that it wraps.
 *
 * @param error - The error that was recognised.
 * @param nowMs - The present, in epoch milliseconds.
 * @returns The first hint above 0, else a hint of 0, else undefined.
 */
export function findRetryHint(error: unknown, nowMs: number): RetryHint | undefined {
  const hints = errorChain(error, true).flatMap((link) => hintsOf(link, nowMs));
  return hints.find(({ ms }) => ms > 0) ?? hints[0];
}

function hintsOf(error: unknown, nowMs: number): readonly RetryHint[] {
  const header = headersOf(error);
  const waits = [
    parseMilliseconds(header('retry-after-ms')),
    parseWait(header('retry-after'), nowMs),
    ...gatherEvidence(error).retryDelays.map((delay) => parseDelay(delay, nowMs)),
  ];
  const explicit = waits.filter((wait) => wait !== undefined).map((ms) => ({ ms, isExplicit: true }));
  const resetMs = latestReset(header, nowMs);
  return resetMs === undefined ? explicit : [...explicit, { ms: resetMs, isExplicit: false }];
}

/** A duration of Protocol Buffers: text in JSON, an object elsewhere. */
function parseDelay(delay: unknown, nowMs: number): number | undefined {
  return parseWait(typeof delay === 'object' ? fieldOf(delay, 'seconds') : delay, nowMs);
}

/** Every exhausted limit has to be reset before a call can go well. */
function latestReset(header: ReadHeader, nowMs: number): number | undefined {
  const waits = limits
    .filter(([remaining]) => isZero(header(remaining)))
    .map(([, reset]) => parseReset(header(reset), nowMs))
    .filter((wait) => wait !== undefined);
  return waits.length > 0 ? Math.max(...waits) : undefined;
}

function isZero(remaining: unknown): boolean {
  return remaining === 0 || (typeof remaining === 'string' && /^ *0(?:\.0*)? *$/.test(remaining));
}
