import { describeJudgement, status } from './judgement-suite.ts';
import { geminiClient } from './model-clients.ts';

const exhausted = (quotaId: string, retryDelay?: string) =>
  status(429, {
    body: {
      error: {
        code: 429,
        status: 'RESOURCE_EXHAUSTED',
        message: 'You exceeded your current quota, please check your plan and billing details.',
        details: [
          { '@type': 'type.googleapis.com/google.rpc.QuotaFailure', violations: [{ quotaId, quotaValue: '50' }] },
          ...(retryDelay ? [{ '@type': 'type.googleapis.com/google.rpc.RetryInfo', retryDelay }] : []),
        ],
      },
    },
  });
const perMinute = 'GenerateRequestsPerMinutePerProjectPerModel-FreeTier';
const perDay = 'GenerateRequestsPerDayPerProjectPerModel-FreeTier';

describeJudgement({
  client: geminiClient,
  keepsHeaders: false,
  faults: [
    [
      'a limit per minute in the words of a quota is a rate limit, and is waited for',
      exhausted(perMinute, '55s'),
      { kind: 'rateLimit', opensAtOnce: true, openFor: 55_000, retryAfterMs: 55_000 },
    ],
    [
      'a quota per day opens at once',
      exhausted(perDay),
      { kind: 'quota', opensAtOnce: true, openFor: 900_000, retryAfterMs: undefined },
    ],
    [
      'a quota per day is waited for until it is back',
      exhausted(perDay, '36000.5s'),
      { kind: 'quota', opensAtOnce: true, openFor: 36_000_500 },
    ],
    ['a limit without words about a quota', status(429), { kind: 'rateLimit', openFor: undefined }],
    [
      'a wrong key, which comes as a bad request',
      status(400, { code: 'API_KEY_INVALID', message: 'No.' }),
      { kind: 'auth', opensAtOnce: true, openFor: 300_000 },
    ],
    [
      'a wrong key is told by its words, too',
      status(400, { message: 'API key not valid. Please pass a valid API key.' }),
      { kind: 'auth' },
    ],
    ['an unknown model', status(404), { kind: 'modelNotFound', counts: false }],
    [
      'a prompt that is too long is told by its words',
      status(400, {
        message: 'The input token count (1200000) exceeds the maximum number of tokens allowed (1048576).',
      }),
      { kind: 'contextLength', counts: false },
    ],
    ['an overload', status(503), { kind: 'overloaded', counts: true }],
  ],
  streamFaults: [
    ['an overload', { kind: 'streamError', afterChunks: 2 }, { kind: 'overloaded', counts: true }],
    ['a stream that breaks off', { kind: 'cutOff', afterChunks: 2, abrupt: true }, { kind: 'connection' }],
  ],
});
