import { describe, expect, it } from 'vitest';
import { classifyModelError, type ModelErrorKind } from '../../../src/llm.ts';

describe('words without a code or a status', () => {
  it.each<[string, ModelErrorKind]>([
    ['fetch failed', 'connection'],
    ['Failed to fetch', 'connection'],
    ['connect ECONNREFUSED 127.0.0.1:80', 'connection'],
    ['socket hang up', 'connection'],
    ['Request timed out.', 'timeout'],
    ['429 Too Many Requests', 'rateLimit'],
    ['Overloaded', 'overloaded'],
    ['You exceeded your current quota', 'quota'],
    ['Incorrect API key provided', 'auth'],
    ['prompt is too long: 210000 tokens', 'contextLength'],
    ['missing finish_reason for choice 0', 'interrupted'],
    ['request ended without sending any chunks', 'interrupted'],
    ['stream ended without producing a Message', 'interrupted'],
    ['Premature close', 'interrupted'],
    ['rejected by the content filter', 'refusal'],
    ['{"error":{"type":"overloaded_error"}}', 'overloaded'],
    ['{"error":{"code":429}}', 'rateLimit'],
    ['[{"error":{"code":503}}]', 'overloaded'],
    ['[POST] failed: {"error":{"code":"insufficient_quota"}} (no more)', 'quota'],
    ['Cannot read properties of undefined', 'unknown'],
    ['the model is not a town', 'unknown'],
    ['', 'unknown'],
  ])('%j is %s, as an error, a string and a cause', (text, kind) => {
    expect(classifyModelError(new Error(text))).toMatchObject({ kind });
    expect(classifyModelError(text)).toMatchObject({ kind });
    expect(classifyModelError(new Error('any', { cause: text }))).toMatchObject({ kind });
  });

  it('come last: a code says more', () => {
    const error = new Error('overloaded, timed out, fetch failed', { cause: { code: 'insufficient_quota' } });
    expect(classifyModelError(error)).toMatchObject({ kind: 'quota' });
    expect(classifyModelError(Object.assign(new Error('rate limit'), { status: 403 }))).toMatchObject({
      kind: 'permission',
    });
  });
});

describe('a code alone', () => {
  it.each<[ModelErrorKind, string]>([
    ['quota', 'insufficient_quota billing_hard_limit_reached billing_not_active billing_error quota_exceeded'],
    [
      'quota',
      'insufficient_credits ServiceQuotaExceededException enforced_spend_limit_reached RequestsPerDay-FreeTier',
    ],
    ['contextLength', 'context_length_exceeded request_too_large ContextOverflowError LengthFinishReasonError'],
    ['refusal', 'content_filter content-filter content_policy_violation ResponsibleAIPolicyViolation refusal SAFETY'],
    ['refusal', 'ContentFilterFinishReasonError ModelRefusalError PROHIBITED_CONTENT BLOCKLIST'],
    ['toolError', 'AI_NoSuchToolError AI_InvalidToolInputError ToolInvocationError ToolException'],
    ['modelNotFound', 'model_not_found DeploymentNotFound AI_NoSuchModelError'],
    ['auth', 'authentication_error invalid_api_key API_KEY_INVALID UNAUTHENTICATED UnauthorizedError'],
    ['auth', 'UnrecognizedClientException ExpiredTokenException AI_LoadAPIKeyError'],
    ['permission', 'permission_error PERMISSION_DENIED AccessDeniedException'],
    ['overloaded', 'overloaded_error server_is_overloaded slow_down ServiceUnavailableException UNAVAILABLE'],
    ['rateLimit', 'rate_limit_exceeded rate_limit_error ThrottlingException TooManyRequestsException'],
    ['rateLimit', 'RESOURCE_EXHAUSTED requests tokens'],
    ['timeout', 'TimeoutError AbortError CallTimeoutError SlowCallError APIConnectionTimeoutError APIUserAbortError'],
    ['timeout', 'ModelAbortError ModelTimeoutException ETIMEDOUT ERR_CANCELED timeout_error DEADLINE_EXCEEDED'],
    ['interrupted', 'ERR_STREAM_INTERRUPTED ERR_STREAM_PREMATURE_CLOSE'],
    ['emptyResponse', 'AI_NoContentGeneratedError AI_EmptyResponseBodyError AI_NoOutputGeneratedError'],
    [
      'connection',
      'ECONNREFUSED ECONNRESET ENOTFOUND EAI_AGAIN EPIPE EPROTO EHOSTUNREACH EHOSTDOWN ENETUNREACH ENETDOWN',
    ],
    ['connection', 'UND_ERR_SOCKET HPE_INVALID_CONSTANT ERR_TLS_CERT_ALTNAME_INVALID ERR_SSL_WRONG_VERSION_NUMBER'],
    ['connection', 'CERT_HAS_EXPIRED DEPTH_ZERO_SELF_SIGNED_CERT UNABLE_TO_VERIFY_LEAF_SIGNATURE APIConnectionError'],
    ['serverError', 'api_error server_error INTERNAL internal_error internal_server_error InternalServerException'],
    [
      'badRequest',
      'invalid_request_error INVALID_ARGUMENT FAILED_PRECONDITION not_found_error NOT_FOUND conflict_error',
    ],
    [
      'badRequest',
      'ValidationException AI_InvalidPromptError AI_InvalidArgumentError AI_UnsupportedFunctionalityError',
    ],
    ['unknown', 'ERR_PERMIT_NOT_SETTLED EACCES error any'],
  ])('is %s: %s', (kind, codes) => {
    for (const code of codes.split(' ')) {
      expect({ code, ...classifyModelError({ code }) }).toMatchObject({ code, kind });
      expect({ code, ...classifyModelError({ error: { type: code } }) }).toMatchObject({ code, kind });
    }
  });
});

describe('what says most', () => {
  it.each<[string, object, ModelErrorKind]>([
    ['a telling code, before the status', { status: 400, code: 'invalid_api_key' }, 'auth'],
    ['the status, before a code that says less', { status: 503, code: 'server_error' }, 'overloaded'],
    ['the status, before a code that says less: 401', { status: 401, type: 'invalid_request_error' }, 'auth'],
    ['the cause with a status, before a vague code', { name: 'APIConnectionError', cause: { status: 401 } }, 'auth'],
    ['the nearest status', { status: 500, cause: { status: 401 } }, 'serverError'],
    ['the quota, before the rate limit', { type: 'rate_limit_error', code: 'insufficient_quota' }, 'quota'],
  ])('decides: %s', (_title, error, kind) => {
    expect(classifyModelError(error)).toMatchObject({ kind });
  });
});

describe('codes of others', () => {
  it.each<[object, ModelErrorKind]>([
    [{ name: 'ThrottlingException', $metadata: { httpStatusCode: 400 } }, 'rateLimit'],
    [{ name: 'ValidationException', message: 'Input is too long for requested model.' }, 'contextLength'],
    [{ name: 'ServiceQuotaExceededException', $metadata: { httpStatusCode: 400 } }, 'quota'],
    [{ $metadata: { httpStatusCode: 503 } }, 'overloaded'],
    [{ response: { status: 429 } }, 'rateLimit'],
    [{ response: { status: 400, data: { error: { code: 'context_length_exceeded' } } } }, 'contextLength'],
    [{ code: 'UND_ERR_SOCKET' }, 'connection'],
    [{ code: 'EAI_AGAIN' }, 'connection'],
    [{ code: 'ENOTFOUND' }, 'connection'],
    [{ code: 'ETIMEDOUT' }, 'timeout'],
    [{ code: 'ERR_STREAM_INTERRUPTED' }, 'interrupted'],
    [{ name: 'AI_NoContentGeneratedError' }, 'emptyResponse'],
    [{ name: 'AI_LoadAPIKeyError' }, 'auth'],
    [{ status: 200, error: { code: 429 } }, 'rateLimit'],
    [{ code: -32042, message: 'URL elicitation required' }, 'permission'],
    [{ code: -31999 }, 'unknown'],
    [{ code: 530, status: 200 }, 'serverError'],
    [{ code: 600, status: 200 }, 'unknown'],
  ])('%j is %s', (error, kind) => {
    expect(classifyModelError(error)).toMatchObject({ kind });
  });
});
