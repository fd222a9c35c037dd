import { jsonIn } from './json-in-text.ts';
import { entriesOf, fieldAt, fieldOf, isArray, textOf } from './read-field.ts';

/** What one error says about itself, wherever its SDK has put it. */
export interface ErrorEvidence {
  /** The HTTP status of a failure, from 400 to 599. */
  readonly status: number | undefined;
  /** The code of a JSON-RPC error, from -32768 to -32000. */
  readonly rpcCode: number | undefined;
  /** Codes, types and names in lower case. */
  readonly codes: ReadonlySet<string>;
  /** What it says in words. */
  readonly wording: string;
  /** Waits that Google's `RetryInfo` asks for, as it spells them. */
  readonly retryDelays: readonly unknown[];
}

const codeFields = ['name', 'code', 'type', 'status', 'reason', 'errorCode', 'error_code', 'quotaId'];
const statusFields = ['status', 'statusCode', 'code'];
const bodyFields = ['error', 'data', 'body', 'details', 'innererror', 'violations'];
const mostParts = 60;
const longestCode = 100;
const longestWording = 4_000;

/** Gathers what one error says about itself; the errors that it wraps are not looked at. */
export function gatherEvidence(error: unknown): ErrorEvidence {
  const parts = partsOf(error);
  const codes = new Set<string>();
  const addCode = (code: unknown) => {
    if (typeof code === 'string' && code !== '' && code.length <= longestCode) codes.add(code.toLowerCase());
  };
  // OpenAI's errors are all named "Error": only their class tells them apart.
  addCode(textOf(fieldOf(error, 'constructor'), 'name'));
  for (const part of parts) for (const field of codeFields) addCode(fieldOf(part, field));
  addCode(fieldOf(error, 'error'));
  const numbers = [
    ...parts.flatMap((part) => statusFields.map((field) => fieldOf(part, field))),
    fieldAt(error, 'response', 'status'),
    fieldAt(error, '$metadata', 'httpStatusCode'),
  ].map(toNumber);
  return {
    status: numbers.find((number) => number >= 400 && number <= 599),
    rpcCode: numbers.find((number) => number >= -32768 && number <= -32000),
    codes,
    wording: wordsOf(error, parts),
    retryDelays: parts.map((part) => fieldOf(part, 'retryDelay')).filter((delay) => delay !== undefined),
  };
}

/** The error and the parts of its body, outermost first. */
function partsOf(error: unknown): readonly unknown[] {
  const parts = new Set<unknown>([error]);
  const add = (part: unknown) => {
    const inner = typeof part === 'string' ? jsonIn(part) : part;
    if (parts.size < mostParts && typeof inner === 'object' && inner !== null) parts.add(inner);
  };
  add(error);
  add(fieldOf(error, 'message'));
  add(fieldOf(error, 'responseBody'));
  add(fieldAt(error, 'response', 'data'));
  for (const part of parts) {
    if (isArray(part)) for (const entry of entriesOf(part, mostParts)) add(entry);
    else for (const field of bodyFields) add(fieldOf(part, field));
  }
  return [...parts];
}

function wordsOf(error: unknown, parts: readonly unknown[]): string {
  const words = parts.flatMap((part) => [textOf(part, 'message'), textOf(part, 'error')]);
  if (typeof error === 'string') words.unshift(error);
  return words
    .filter((text) => text !== undefined)
    .join('\n')
    .slice(0, longestWording);
}

function toNumber(value: unknown): number {
  if (typeof value === 'number') return value;
  return typeof value === 'string' && /^\d{3}$/.test(value) ? Number(value) : Number.NaN;
}
