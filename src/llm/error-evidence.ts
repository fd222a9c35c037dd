import { grpcNameOf } from './grpc-status.ts';
import { jsonIn } from './json-in-text.ts';
import { entriesOf, fieldOf, isArray, textOf } from './read-field.ts';

/** What one error says about itself, wherever its SDK has put it. */
export interface ErrorEvidence {
  /** The HTTP status of a failure, from 400 to 599. */
  readonly status: number | undefined;
  /** The code of a JSON-RPC error, from -32768 to -32000, unless an HTTP status is told first. */
  readonly rpcCode: number | undefined;
  /** Codes, types and names in lower case. */
  readonly codes: ReadonlySet<string>;
  /** What it says in words. */
  readonly wording: string;
  /** The error, the responses that it carries and the parts of their bodies, outermost first. */
  readonly parts: readonly unknown[];
}

const codeFields = [
  ...['name', 'code', 'type', 'status', 'reason', 'errorCode', 'error_code', 'error_type', 'quotaId', 'error'],
] as const;
/** Hugging Face's client, Ollama's, those of AWS and all others. */
const statusFields = ['status', 'statusCode', 'status_code', 'code', 'httpStatusCode', 'httpStatus'] as const;
const bodyFields = [
  ...['error', 'data', 'body', 'details', 'detail', 'innererror', 'violations', 'metadata', 'parameters', 'raw'],
  // Azure's client.
  ...['parsedBody', 'bodyAsText'],
] as const;
/** Where clients keep the response: axios, got and ky; Hugging Face; those that Fern generates; AWS, twice. */
const responseFields = ['responseBody', 'response', 'httpResponse', 'rawResponse', '$response', '$metadata'] as const;
const wordFields = ['message', 'error', 'detail', 'msg', 'error_msg', 'status_msg', 'raw'] as const;
/** Where the body of a response may be a sentence, which is no JSON and no page. */
const textFields = ['responseBody', 'body', 'data', 'bodyAsText'] as const;
const sentence = /^\s*[^\s<{[]/;
const mostParts = 60;
const longestCode = 100;
const longestWording = 4_000;

/** Gathers what one error says about itself; the errors that it wraps are not looked at. */
export function gatherEvidence(error: unknown): ErrorEvidence {
  const parts = partsOf(error);
  const codes = new Set<string>();
  // OpenAI's errors are all named "Error": only their class tells them apart.
  addCode(codes, fieldOf(fieldOf(error, 'constructor'), 'name'));
  let number: number | undefined;
  const words: string[] = typeof error === 'string' ? [error] : [];
  for (const part of parts) {
    for (const field of codeFields) addCode(codes, fieldOf(part, field));
    addCode(codes, grpcNameOf(part));
    for (const field of wordFields) {
      const text = textOf(part, field);
      if (text) words.push(text.slice(0, longestWording));
    }
    for (const text of entriesOf(part, mostParts))
      if (typeof text === 'string') words.push(text.slice(0, longestWording));
    for (const field of textFields) {
      const text = textOf(part, field);
      if (text && sentence.test(text)) words.push(text.slice(0, longestWording));
    }
    if (number === undefined) number = numberOf(part);
  }
  const isStatus = number !== undefined && number > 0;
  return {
    status: isStatus ? number : undefined,
    rpcCode: isStatus ? undefined : number,
    codes,
    wording: words.join('\n').slice(0, longestWording),
    parts,
  };
}

/** The error, its responses and the parts of its body, outermost first. */
function partsOf(error: unknown): readonly unknown[] {
  const parts = new Set<unknown>([error]);
  const add = (value: unknown) => {
    const part = typeof value === 'string' ? jsonIn(value) : value;
    if (typeof part === 'object' && part !== null && parts.size < mostParts) parts.add(part);
  };
  if (typeof error === 'string') add(error);
  add(fieldOf(error, 'message'));
  for (const field of responseFields) add(fieldOf(error, field));
  for (const part of parts) {
    if (isArray(part)) for (const entry of entriesOf(part, mostParts)) add(entry);
    else if (typeof part === 'object' || typeof part === 'function')
      for (const field of bodyFields) add(fieldOf(part, field));
    // On the error itself these are other attempts.
    if (part !== error) add(fieldOf(part, 'errors'));
  }
  return [...parts];
}

/** Codes have no spaces: what has is a sentence. */
function addCode(codes: Set<string>, code: unknown): void {
  if (typeof code === 'string' && code !== '' && code.length <= longestCode && !code.includes(' '))
    codes.add(code.toLowerCase());
}

/** The HTTP status of a failure, or a code of JSON-RPC. */
function numberOf(part: unknown): number | undefined {
  for (const field of statusFields) {
    const number = toNumber(fieldOf(part, field));
    if ((number >= 400 && number <= 599) || (number >= -32768 && number <= -32000)) return number;
  }
  return undefined;
}

function toNumber(value: unknown): number {
  if (typeof value === 'number') return value;
  return typeof value === 'string' && /^\d{3}$/.test(value) ? Number(value) : Number.NaN;
}
