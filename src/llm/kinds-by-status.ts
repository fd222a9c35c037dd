import type { ModelErrorKind } from './model-error-kind.ts';

/** What is not the caller's making below 500, or not the server's from there on. */
const kinds: Readonly<Record<number, ModelErrorKind>> = {
  401: 'auth',
  402: 'quota',
  403: 'permission',
  408: 'timeout',
  413: 'contextLength',
  // What the model depends on has failed (Hugging Face, AWS), its capacity is used up (Groq), its server has given up
  // (Google): a client that hangs up receives no status.
  424: 'serverError',
  429: 'rateLimit',
  498: 'serverError',
  499: 'serverError',
  503: 'overloaded',
  529: 'overloaded',
};

/** The kind that an HTTP status from 400 to 599 stands for. */
export function kindOfStatus(status: number | undefined): ModelErrorKind | undefined {
  if (status === undefined) return undefined;
  return kinds[status] ?? (status < 500 ? 'badRequest' : 'serverError');
}

/** The status that words tell, as in "HTTP error! status: 503". */
export function statusInWords(wording: string): number | undefined {
  const said = /\b(?:status(?: ?code)?|HTTP(?: error)?)[ :=(]{1,3}([45]\d\d)\b|^([45]\d\d)(?= [A-Z{<]|: )/im.exec(
    wording,
  );
  return said ? Number(said[1] ?? said[2]) : undefined;
}
