/**
 * What went wrong with a model call, in the words that decide what a breaker makes of it. The README's table tells by
 * what each is recognised.
 */
export type ModelErrorKind = (typeof modelErrorKinds)[number];

/** All kinds there are. */
export const modelErrorKinds = [
  'aborted',
  'overloaded',
  'serverError',
  'connection',
  'timeout',
  'rateLimit',
  'quota',
  'auth',
  'modelNotFound',
  'permission',
  'contextLength',
  'badRequest',
  'refusal',
  'emptyResponse',
  'interrupted',
  'toolError',
  'rejected',
  'unknown',
] as const;
