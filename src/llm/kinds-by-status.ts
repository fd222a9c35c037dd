import type { ModelErrorKind } from './model-error-kind.ts';

const kinds: Readonly<Record<number, ModelErrorKind>> = {
  400: 'badRequest',
  401: 'auth',
  402: 'quota',
  403: 'permission',
  404: 'badRequest',
  405: 'badRequest',
  408: 'timeout',
  409: 'badRequest',
  412: 'badRequest',
  413: 'contextLength',
  422: 'badRequest',
  429: 'rateLimit',
  431: 'badRequest',
  499: 'aborted',
  500: 'serverError',
  502: 'serverError',
  503: 'overloaded',
  504: 'serverError',
  529: 'overloaded',
};

/** The kind that an HTTP status stands for; undefined where it tells nothing. */
export function kindOfStatus(status: number | undefined): ModelErrorKind | undefined {
  if (status === undefined) return undefined;
  // Cloudflare's own: the provider behind it is down, or cannot be reached.
  return status >= 520 && status <= 526 ? 'serverError' : kinds[status];
}
