import { toCodeTable } from './code-table.ts';

/** Codes that say no more than a status would: only where there is none, or one that says nothing. */
export const vagueCodes = toCodeTable([
  { kind: 'rateLimit', codes: ['resource_exhausted', 'requests', 'tokens'] },
  { kind: 'overloaded', codes: ['unavailable', 'overloaded'] },
  { kind: 'timeout', codes: ['timeout_error', 'deadline_exceeded'] },
  {
    kind: 'serverError',
    codes: [
      'api_error',
      'server_error',
      'internal',
      'internal_error',
      'internal_server_error',
      'internalserverexception',
      'internalservererror',
      'answer_failed',
      'err_answer_failed',
      'network_error',
      'data_loss',
      'unimplemented',
      'cancelled',
      'generation',
    ],
  },
  {
    kind: 'badRequest',
    codes: [
      'invalid_request_error',
      'invalid_argument',
      'failed_precondition',
      'not_found_error',
      'not_found',
      'already_exists',
      'out_of_range',
      'aborted',
      'validation',
      'conflict_error',
      'validationexception',
      'ai_invalidprompterror',
      'ai_invalidargumenterror',
      'ai_unsupportedfunctionalityerror',
    ],
  },
  { kind: 'connection', codes: ['apiconnectionerror'] },
  { kind: 'emptyResponse', codes: ['ai_nooutputgeneratederror'] },
]);
