import { errorChain } from './error-chain.ts';
import { type ErrorEvidence, gatherEvidence } from './error-evidence.ts';
import { parseInstant, parseMilliseconds, parseReset, parseWait } from './parse-wait.ts';
import { headersOf, type ReadHeader } from './read-header.ts';
import { waitInWords } from './wait-in-words.ts';
import { waitsInBody } from './waits-in-body.ts';

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
  // Anthropic's subscriptions tell "rejected" instead of a number.
  ['anthropic-ratelimit-unified-status', 'anthropic-ratelimit-unified-reset'],
] as const;

/**
 * Finds how long a provider asks to wait: in the headers that are made for it, then in the fields of its body, then in its
 * words, then by the latest reset of the limits that are exhausted. An error without a hint is asked for the error that it
 * wraps.
 *
 * @param error - The error that was recognised.
 * @param known - What the errors say that have been looked at already.
 * @param nowMs - The present, in epoch milliseconds.
 * @returns The first hint above 0, else a hint of 0, else undefined.
 */
export function findRetryHint(
  error: unknown,
  known: ReadonlyMap<unknown, ErrorEvidence>,
  nowMs: number,
): RetryHint | undefined {
  let zero: RetryHint | undefined;
  for (const link of errorChain(error, true)) {
    const hint = hintOf(known.get(link) ?? gatherEvidence(link), nowMs);
    if (hint && hint.ms > 0) return hint;
    zero ??= hint;
  }
  return zero;
}

/** What says it best is asked first; the others only where that says nothing. */
function hintOf({ parts, wording }: ErrorEvidence, presentMs: number): RetryHint | undefined {
  const header = headersOf(parts);
  // Whoever asks to wait until then says so by a clock of its own.
  const nowMs = instantOf(header('date')) ?? presentMs;
  const places: readonly (() => readonly (number | undefined)[])[] = [
    () => [
      parseMilliseconds(header('retry-after-ms')),
      parseMilliseconds(header('x-ms-retry-after-ms')),
      parseMilliseconds(header('x-retry-after-ms')),
      parseMilliseconds(header('grpc-retry-pushback-ms')),
      parseWait(header('retry-after'), nowMs),
      parseWait(header('x-retry-after'), nowMs),
      parseWait(header('x-ratelimit-retry-after'), nowMs),
      parseWait(header('x-ratelimit-reset-after'), nowMs),
    ],
    () => waitsInBody(parts, nowMs),
    () => [waitInWords(wording, nowMs)],
  ];
  let zero: RetryHint | undefined;
  for (const waitsOf of places)
    for (const ms of waitsOf()) {
      if (ms !== undefined && ms > 0) return { ms, isExplicit: true };
      if (ms === 0) zero ??= { ms, isExplicit: true };
    }
  const resetMs = latestReset(header, nowMs);
  if (resetMs !== undefined && (resetMs > 0 || !zero)) return { ms: resetMs, isExplicit: false };
  return zero;
}

function instantOf(date: unknown): number | undefined {
  return typeof date === 'string' ? parseInstant(date) : undefined;
}

/** Every exhausted limit has to be reset before a call can go well. */
function latestReset(header: ReadHeader, nowMs: number): number | undefined {
  let latest: number | undefined;
  for (const [remaining, reset] of limits) {
    if (!isExhausted(header(remaining))) continue;
    const wait = parseReset(header(reset), nowMs);
    if (wait !== undefined) latest = Math.max(latest ?? 0, wait);
  }
  return latest ?? structuredReset(header('ratelimit'));
}

/** https://datatracker.ietf.org/doc/draft-ietf-httpapi-ratelimit-headers */
function structuredReset(limit: unknown): number | undefined {
  if (typeof limit !== 'string' || !/\b(?:r|remaining)=0\b/.test(limit)) return undefined;
  const [, seconds] = /\b(?:t|reset)=(\d{1,9})\b/.exec(limit) ?? [];
  return seconds === undefined ? undefined : Number(seconds) * 1_000;
}

function isExhausted(remaining: unknown): boolean {
  return remaining === 0 || (typeof remaining === 'string' && /^ *(?:0(?:\.0*)?|rejected) *$/.test(remaining));
}
