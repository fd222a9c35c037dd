import { describeJudgement, status } from './judgement-suite.ts';
import { anthropicClient } from './model-clients.ts';

const resetAt = new Date(Date.now() + 7_200_000).toISOString();

describeJudgement({
  client: anthropicClient,
  keepsHeaders: true,
  faults: [
    [
      'a spend limit opens at once',
      status(429, { code: 'enforced_spend_limit_reached' }),
      { kind: 'quota', counts: true, opensAtOnce: true, openFor: 900_000 },
    ],
    ['a billing problem is a quota', status(402), { kind: 'quota', opensAtOnce: true, openFor: 900_000 }],
    [
      'credit that is used up is told by its words',
      status(400, { message: 'Your credit balance is too low to access the Anthropic API.' }),
      { kind: 'quota', opensAtOnce: true },
    ],
    ['a wrong key opens at once for five minutes', status(401), { kind: 'auth', opensAtOnce: true, openFor: 300_000 }],
    ['an unknown model', status(404, { message: 'model: claude-test' }), { kind: 'modelNotFound', counts: false }],
    ['an unknown path', status(404, { message: 'Not found: /v2/messages' }), { kind: 'badRequest', counts: false }],
    [
      'a prompt that is too long is told by its words',
      status(400, { message: 'prompt is too long: 210000 tokens > 200000 maximum' }),
      { kind: 'contextLength', counts: false },
    ],
    ['a request that is too large', status(413), { kind: 'contextLength', counts: false }],
    [
      'an exhausted limit without Retry-After waits until the limit is reset',
      status(429, {
        headers: { 'anthropic-ratelimit-requests-remaining': '0', 'anthropic-ratelimit-requests-reset': resetAt },
      }),
      { kind: 'rateLimit', opensAtOnce: true, openFor: 900_000 },
    ],
    ['an overload', status(529), { kind: 'overloaded', counts: true, opensAtOnce: false, openFor: undefined }],
  ],
  streamFaults: [
    ['an overload', { kind: 'streamError', afterChunks: 2 }, { kind: 'overloaded', counts: true }],
    [
      'an error of the server',
      { kind: 'streamError', afterChunks: 2, errorType: 'api_error' },
      { kind: 'serverError' },
    ],
    ['a timeout', { kind: 'streamError', afterChunks: 2, errorType: 'timeout_error' }, { kind: 'timeout' }],
    [
      'a bad request',
      { kind: 'streamError', afterChunks: 0, errorType: 'invalid_request_error', message: 'No.' },
      { kind: 'badRequest', counts: false },
    ],
    ['a connection that is reset', { kind: 'cutOff', afterChunks: 2, abrupt: true }, { kind: 'connection' }],
  ],
});
