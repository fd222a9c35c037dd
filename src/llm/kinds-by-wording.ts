import type { ErrorEvidence } from './error-evidence.ts';
import type { ModelErrorKind } from './model-error-kind.ts';
import {
  allowance,
  longSpan,
  lostSession,
  missingModel,
  missingModelAnyhow,
  money,
  quotaExceeded,
  refused,
  shortSpan,
  tooLargeForLimit,
  tooLong,
  wrongKey,
} from './wordings.ts';

interface WordingRow {
  readonly kind: ModelErrorKind;
  readonly pattern: RegExp;
}

const noMoney: WordingRow = { kind: 'quota', pattern: money };
const usedUp: WordingRow = { kind: 'quota', pattern: allowance };
const exceeded: WordingRow = { kind: 'quota', pattern: quotaExceeded };
const contextLength: WordingRow = { kind: 'contextLength', pattern: tooLong };
const refusal: WordingRow = { kind: 'refusal', pattern: refused };
const auth: WordingRow = { kind: 'auth', pattern: wrongKey };
const modelNotFound: WordingRow = { kind: 'modelNotFound', pattern: missingModelAnyhow };

/** What words make of a kind that a status, or a code, has decided on. */
const refinements: Partial<Readonly<Record<ModelErrorKind, readonly WordingRow[]>>> = {
  badRequest: [noMoney, usedUp, exceeded, contextLength, refusal, auth, modelNotFound],
  auth: [noMoney, usedUp, exceeded],
  permission: [noMoney, usedUp, exceeded, contextLength, refusal],
  serverError: [noMoney, usedUp, exceeded, contextLength],
  overloaded: [noMoney, usedUp, contextLength],
};

/** Statuses that mean different things to different vendors: 424, and 498, which is also a filter's and a key's. */
const severalMeanings: readonly WordingRow[] = [noMoney, usedUp, contextLength, refusal, auth];

/** What words say alone. */
const wordings: readonly WordingRow[] = [
  noMoney,
  usedUp,
  contextLength,
  refusal,
  auth,
  { kind: 'overloaded', pattern: /\boverloaded\b/i },
  { kind: 'rateLimit', pattern: /\brate limit|too many requests|throttl(?:ed|ing)/i },
  {
    kind: 'interrupted',
    pattern:
      /missing finish_reason|(?:stream|request|response) ended without|incomplete json segment|unexpected end of json|premature close|ended prematurely/i,
  },
  { kind: 'timeout', pattern: /timed? ?out\b|deadline exceeded|request was aborted|operation was aborted/i },
  {
    kind: 'connection',
    pattern:
      /fetch failed|failed to fetch|connection (?:error|refused|reset|closed)|network ?error|socket hang up|other side closed|^terminated$|\b(?:ECONN[A-Z]+|ENOTFOUND|EAI_AGAIN|UND_ERR_[A-Z_]+)\b/im,
  },
  { kind: 'serverError', pattern: /\bserver error\b/i },
];

/** Makes a kind more precise where the words of the error allow it. */
export function refineByWording(kind: ModelErrorKind, evidence: ErrorEvidence): ModelErrorKind {
  const { status, wording, rpcCode } = evidence;
  if (kind === 'rateLimit') return refineRateLimit(evidence);
  if (kind === 'quota') return isOfShortSpan(wording) && !money.test(wording) ? 'rateLimit' : kind;
  if (kind === 'badRequest' && (status === 404 || status === 410) && missingModel.test(wording)) return 'modelNotFound';
  // The protocol has given its timeouts and its closed connections the numbers of what servers say themselves.
  if (rpcCode !== undefined && (kind === 'timeout' || kind === 'connection'))
    return lostSession.test(wording) ? 'badRequest' : kind;
  const rows = status === 424 || status === 498 ? severalMeanings : refinements[kind];
  return firstMatch(rows ?? [], wording) ?? kind;
}

/** The kind that words alone stand for; undefined where they say nothing. */
export function kindOfWording(wording: string): ModelErrorKind | undefined {
  return firstMatch(wordings, wording);
}

/** A limit of the minute is a rate limit, one of the day a quota; a request that fits into neither is too large. */
function refineRateLimit({ status, wording }: ErrorEvidence): ModelErrorKind {
  if (status === 413 || tooLargeForLimit.test(wording) || asksForMoreThanAll(wording)) return 'contextLength';
  if (money.test(wording)) return 'quota';
  const isLong = longSpan.test(wording) || allowance.test(wording);
  return isLong && !shortSpan.test(wording) ? 'quota' : 'rateLimit';
}

function isOfShortSpan(wording: string): boolean {
  return shortSpan.test(wording) && !longSpan.test(wording);
}

function asksForMoreThanAll(wording: string): boolean {
  return numberAfter(/\brequested:? (\d[\d,]*)/i, wording) > numberAfter(/\blimit:? (\d[\d,]*)/i, wording);
}

function numberAfter(pattern: RegExp, wording: string): number {
  return Number(pattern.exec(wording)?.[1]?.replaceAll(',', '') ?? Number.NaN);
}

function firstMatch(rows: readonly WordingRow[], wording: string): ModelErrorKind | undefined {
  return rows.find(({ pattern }) => pattern.test(wording))?.kind;
}
