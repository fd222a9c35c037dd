import { type JudgedFault, status } from './judgement-suite.ts';

const quarter = 15 * 60_000;

/** What OpenAI, and who speaks like it, sends; shared by every client that asks it. */
export const openAiFaults: readonly JudgedFault[] = [
  [
    'an exhausted quota opens at once for a quarter of an hour',
    status(429, { code: 'insufficient_quota' }),
    { kind: 'quota', counts: true, opensAtOnce: true, openFor: quarter, retryAfterMs: undefined },
  ],
  [
    "an exhausted quota that will be back is waited for, for it can take longer than a rate limit's wait",
    status(429, { code: 'insufficient_quota', headers: { 'retry-after': '3600' } }),
    { kind: 'quota', openFor: 3_600_000 },
  ],
  [
    'the billing limit that is reached is a quota',
    status(400, { code: 'billing_hard_limit_reached', message: 'No.' }),
    { kind: 'quota', opensAtOnce: true },
  ],
  [
    'words about a quota are enough where the code is that of a rate limit',
    status(429, {
      code: null,
      message: 'You exceeded your current quota, please check your plan and billing details.',
    }),
    { kind: 'quota', openFor: quarter },
  ],
  [
    'a rate limit without a hint waits as long as any failure',
    status(429),
    { kind: 'rateLimit', counts: true, opensAtOnce: false, openFor: undefined },
  ],
  [
    "Azure's burst in the words of a quota is a rate limit, by its short hint",
    status(429, {
      headers: { 'retry-after': '6' },
      body: {
        error: { code: '429', message: 'Requests have exceeded your current quota. Please retry after 6 seconds.' },
      },
    }),
    { kind: 'rateLimit', opensAtOnce: false, openFor: 6_000 },
  ],
  [
    'a wrong key opens at once for five minutes',
    status(401),
    { kind: 'auth', counts: true, opensAtOnce: true, openFor: 300_000 },
  ],
  [
    'a wrong key is told by its code whatever the status',
    status(400, { code: 'invalid_api_key', message: 'No.' }),
    { kind: 'auth' },
  ],
  ['an unknown model does not count', status(404), { kind: 'modelNotFound', counts: false, opensAtOnce: false }],
  ['an unknown path does not count', status(404, { code: null, message: 'Invalid URL' }), { kind: 'badRequest' }],
  ['a country that is not served does not count', status(403), { kind: 'permission', counts: false }],
  [
    'a prompt that is too long does not count',
    status(400, { code: 'context_length_exceeded' }),
    { kind: 'contextLength', counts: false },
  ],
  [
    'a prompt that is too long is told by its words, too',
    status(400, { message: "This model's maximum context length is 8192 tokens." }),
    { kind: 'contextLength', counts: false },
  ],
  [
    'S-97 more tokens than the rate limit has at all do not count: no wait makes them fit',
    status(429, { type: 'tokens', message: 'Request too large: the limit is 30000 tokens per min, requested 40000.' }),
    { kind: 'contextLength', counts: false },
  ],
  [
    "Azure's content filter does not count",
    status(400, {
      body: { error: { code: 'content_filter', message: 'No.', innererror: { code: 'ResponsibleAIPolicyViolation' } } },
    }),
    { kind: 'refusal', counts: false },
  ],
  [
    'a bad request does not count, and its hint is not waited for',
    status(400, { headers: { 'retry-after': '30' } }),
    { kind: 'badRequest', counts: false, openFor: undefined },
  ],
  ['an overload is told by its code', status(500, { code: 'server_is_overloaded' }), { kind: 'overloaded' }],
  [
    'an error of the server waits for the hint',
    status(500, { headers: { 'retry-after': '30' } }),
    { kind: 'serverError', opensAtOnce: false, openFor: 30_000 },
  ],
  ['S-97 any other 4xx does not count', status(418, { body: 'tea?' }), { kind: 'badRequest', counts: false }],
];

/** What OpenAI puts into a stream. */
export const openAiStreamFaults: readonly JudgedFault[] = [
  ['an error of the server', { kind: 'streamError', afterChunks: 2 }, { kind: 'serverError', counts: true }],
  [
    'a rate limit',
    { kind: 'streamError', afterChunks: 2, errorType: 'tokens', code: 'rate_limit_exceeded' },
    { kind: 'rateLimit', counts: true, opensAtOnce: false },
  ],
  [
    'an exhausted quota',
    { kind: 'streamError', afterChunks: 0, code: 'insufficient_quota' },
    { kind: 'quota', opensAtOnce: true, openFor: quarter },
  ],
  ['a connection that is reset', { kind: 'cutOff', afterChunks: 2, abrupt: true }, { kind: 'connection' }],
];
