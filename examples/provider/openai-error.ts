import type { Failure } from './dialect.ts';

interface OpenAiErrorWords {
  readonly type: string;
  readonly code: string | null;
  readonly message: string;
}

const wordsByStatus: ReadonlyMap<number, OpenAiErrorWords> = new Map([
  [401, words('invalid_request_error', 'invalid_api_key', 'Incorrect API key provided.')],
  [
    403,
    words('request_forbidden', 'unsupported_country_region_territory', 'Country, region, or territory not supported.'),
  ],
  [404, words('invalid_request_error', 'model_not_found', 'The model does not exist or you do not have access to it.')],
  [413, words('invalid_request_error', null, 'The request body is too large.')],
  [429, words('requests', 'rate_limit_exceeded', 'Rate limit reached for requests.')],
  [503, words('server_error', null, 'The engine is currently overloaded, please try again later.')],
]);

const wordsByCode: ReadonlyMap<string, OpenAiErrorWords> = new Map([
  [
    'insufficient_quota',
    words(
      'insufficient_quota',
      'insufficient_quota',
      'You exceeded your current quota, please check your plan and billing details.',
    ),
  ],
  [
    'context_length_exceeded',
    words(
      'invalid_request_error',
      'context_length_exceeded',
      "Your messages exceed this model's maximum context length.",
    ),
  ],
]);

/** Makes the body of an OpenAI error; what is left out follows from the code, then from the status. */
export function toOpenAiError(failure: Failure): object {
  const usual =
    wordsByCode.get(failure.code ?? '') ?? wordsByStatus.get(failure.status) ?? wordsOfClass(failure.status);
  return {
    error: {
      message: failure.message ?? usual.message,
      type: failure.type ?? usual.type,
      param: null,
      code: failure.code === undefined ? usual.code : failure.code,
    },
  };
}

function wordsOfClass(status: number): OpenAiErrorWords {
  return status >= 500
    ? words('server_error', null, 'The server had an error while processing your request.')
    : words('invalid_request_error', null, 'Invalid request.');
}

function words(type: string, code: string | null, message: string): OpenAiErrorWords {
  return { type, code, message };
}
