import { describe, expect, it } from 'vitest';
import { classifyModelError, type ModelErrorKind, modelErrorRules } from '../../../src/llm.ts';

const minute = 60_000;
const neutral = { counts: false, opensAtOnce: false };
const counted = { counts: true, opensAtOnce: false };
const waiting = { ...counted, longestWaitMs: 15 * minute };

describe('the rules', () => {
  it('are those of the table', () => {
    expect(modelErrorRules).toEqual({
      aborted: neutral,
      overloaded: waiting,
      serverError: waiting,
      connection: counted,
      timeout: counted,
      rateLimit: { ...waiting, opensAtOnce: 10_000 },
      quota: { counts: true, opensAtOnce: true, defaultWaitMs: 15 * minute, longestWaitMs: 24 * 60 * minute },
      auth: { counts: true, opensAtOnce: true, defaultWaitMs: 5 * minute },
      modelNotFound: neutral,
      permission: neutral,
      contextLength: neutral,
      badRequest: neutral,
      refusal: neutral,
      emptyResponse: counted,
      interrupted: waiting,
      toolError: neutral,
      rejected: neutral,
      unknown: waiting,
    });
  });

  const headers = { 'retry-after': '5' };
  it.each<[ModelErrorKind, object, object]>([
    ['overloaded', { status: 503, headers }, { counts: true, opensAtOnce: false, openFor: 5_000 }],
    ['serverError', { status: 500, headers }, { counts: true, opensAtOnce: false, openFor: 5_000 }],
    ['connection', { code: 'ECONNRESET', headers }, { counts: true, opensAtOnce: false, openFor: undefined }],
    ['timeout', { status: 408, headers }, { counts: true, opensAtOnce: false, openFor: undefined }],
    ['rateLimit', { status: 429, headers }, { counts: true, opensAtOnce: false, openFor: 5_000 }],
    ['quota', { status: 402 }, { counts: true, opensAtOnce: true, openFor: 15 * minute }],
    ['auth', { status: 401, headers }, { counts: true, opensAtOnce: true, openFor: 5 * minute }],
    ['modelNotFound', { code: 'model_not_found', headers }, { counts: false, opensAtOnce: false, openFor: undefined }],
    ['permission', { status: 403, headers }, { counts: false, opensAtOnce: false, openFor: undefined }],
    ['contextLength', { status: 413, headers }, { counts: false, opensAtOnce: false, openFor: undefined }],
    ['badRequest', { status: 400, headers }, { counts: false, opensAtOnce: false, openFor: undefined }],
    ['refusal', { code: 'content_filter', headers }, { counts: false, opensAtOnce: false, openFor: undefined }],
    ['emptyResponse', { name: 'AI_NoContentGeneratedError' }, { counts: true, opensAtOnce: false, openFor: undefined }],
    ['interrupted', { code: 'ERR_STREAM_INTERRUPTED', headers }, { counts: true, opensAtOnce: false, openFor: 5_000 }],
    ['toolError', { isError: true, content: [] }, { counts: false, opensAtOnce: false, openFor: undefined }],
    ['unknown', { headers }, { counts: true, opensAtOnce: false, openFor: 5_000 }],
  ])('%s is what is said of its error', (kind, error, expected) => {
    expect(classifyModelError(error)).toMatchObject({ kind, ...expected });
  });

  it('S-97 a 499 is of the server itself, unless the signal of the caller is aborted', () => {
    expect(classifyModelError({ status: 499, headers })).toMatchObject({ kind: 'serverError', openFor: 5_000 });
    const { signal } = new AbortController();
    expect(classifyModelError({ status: 499, headers }, { signal })).toMatchObject({
      kind: 'serverError',
      counts: true,
    });
    expect(classifyModelError({ status: 499, headers }, { signal: AbortSignal.abort() })).toEqual({
      ...{ kind: 'aborted', counts: false, opensAtOnce: false },
      ...{ openFor: undefined, retryAfterMs: undefined },
    });
  });
});
