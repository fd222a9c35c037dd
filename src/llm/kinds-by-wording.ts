import type { ErrorEvidence } from './error-evidence.ts';
import type { ModelErrorKind } from './model-error-kind.ts';

interface WordingRow {
  readonly kind: ModelErrorKind;
  readonly pattern: RegExp;
}

const quota: WordingRow = {
  kind: 'quota',
  pattern:
    /exceeded your (?:current|monthly) quota|insufficient[ _](?:quota|credits?|balance|funds)|credit balance is too low|billing hard limit|spend(?:ing)? limit/i,
};
const contextLength: WordingRow = {
  kind: 'contextLength',
  pattern:
    /prompt is too long|input is too long|context[ _](?:length|window)|input tokens exceed|input token count .{0,40}exceeds|reduce the length of the (?:messages|prompt)/i,
};
const refusal: WordingRow = {
  kind: 'refusal',
  pattern: /content[ _-](?:filter|policy)|content management policy|safety (?:system|reasons|filters?)/i,
};
const auth: WordingRow = {
  kind: 'auth',
  pattern: /(?:invalid|incorrect) (?:x-)?api[ -]key|api key (?:not valid|expired)/i,
};
const modelNotFound: WordingRow = {
  kind: 'modelNotFound',
  pattern:
    /\bmodels?\b.{0,120}(?:not found|not exist|not available|not supported)|not found.{0,20}\bmodel\b|\bmodel: \S/i,
};

/** What words make of a kind that a status, or a vague code, has decided on. */
const refinements: Partial<Readonly<Record<ModelErrorKind, readonly WordingRow[]>>> = {
  rateLimit: [quota],
  badRequest: [quota, contextLength, refusal, auth],
};

/** What words say alone. */
const wordings: readonly WordingRow[] = [
  quota,
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
];

/** Makes a kind more precise where the words of the error allow it. */
export function refineByWording(kind: ModelErrorKind, { status, wording }: ErrorEvidence): ModelErrorKind {
  if (kind === 'badRequest' && status === 404) return modelNotFound.pattern.test(wording) ? 'modelNotFound' : kind;
  return firstMatch(refinements[kind] ?? [], wording) ?? kind;
}

/** The kind that words alone stand for; undefined where they say nothing. */
export function kindOfWording(wording: string): ModelErrorKind | undefined {
  return firstMatch(wordings, wording);
}

function firstMatch(rows: readonly WordingRow[], wording: string): ModelErrorKind | undefined {
  return rows.find(({ pattern }) => pattern.test(wording))?.kind;
}
