import type { ModelErrorKind } from './model-error-kind.ts';

/** Which codes stand for which kind: exactly, or by a pattern. All in lower case. */
interface CodeRow {
  readonly kind: ModelErrorKind;
  readonly codes: readonly string[];
  readonly pattern?: RegExp;
}

/** Codes that say more than the status they come with; where several match, the first row is right. */
export const tellingCodes: readonly CodeRow[] = [
  // What a rejection says of itself as an HTTP answer.
  { kind: 'rejected', codes: ['err_circuit_open', 'circuit_open'] },
  {
    kind: 'quota',
    codes: [
      'insufficient_quota',
      'billing_hard_limit_reached',
      'billing_not_active',
      'billing_error',
      'quota_exceeded',
      'insufficient_credits',
      'servicequotaexceededexception',
    ],
    // Anthropic's spend limits; Google's quotaId, such as GenerateRequestsPerDayPerProjectPerModel-FreeTier.
    pattern: /spend_limit|perday/,
  },
  {
    kind: 'contextLength',
    codes: ['context_length_exceeded', 'request_too_large', 'contextoverflowerror', 'lengthfinishreasonerror'],
  },
  {
    kind: 'refusal',
    codes: [
      'content_filter',
      'content-filter',
      'content_policy_violation',
      'responsibleaipolicyviolation',
      'contentfilterfinishreasonerror',
      'modelrefusalerror',
      'refusal',
      'safety',
      'prohibited_content',
      'blocklist',
    ],
  },
  {
    kind: 'toolError',
    codes: ['ai_nosuchtoolerror', 'ai_invalidtoolinputerror', 'toolinvocationerror', 'toolexception'],
  },
  { kind: 'modelNotFound', codes: ['model_not_found', 'deploymentnotfound', 'ai_nosuchmodelerror'] },
  {
    kind: 'auth',
    codes: [
      'authentication_error',
      'invalid_api_key',
      'api_key_invalid',
      'unauthenticated',
      'unauthorizederror',
      'unrecognizedclientexception',
      'expiredtokenexception',
      'ai_loadapikeyerror',
    ],
  },
  { kind: 'permission', codes: ['permission_error', 'permission_denied', 'accessdeniedexception'] },
  {
    kind: 'overloaded',
    codes: ['overloaded_error', 'server_is_overloaded', 'slow_down', 'serviceunavailableexception'],
  },
  {
    kind: 'rateLimit',
    codes: ['rate_limit_exceeded', 'rate_limit_error', 'throttlingexception', 'toomanyrequestsexception'],
  },
  {
    kind: 'timeout',
    codes: [
      'timeouterror',
      'aborterror',
      'calltimeouterror',
      'slowcallerror',
      'apiconnectiontimeouterror',
      'apiuseraborterror',
      'modelaborterror',
      'modeltimeoutexception',
      'etimedout',
      'err_canceled',
    ],
  },
  { kind: 'interrupted', codes: ['err_stream_interrupted', 'err_stream_premature_close'] },
  {
    kind: 'emptyResponse',
    codes: ['ai_nocontentgeneratederror', 'ai_emptyresponsebodyerror'],
  },
  {
    kind: 'connection',
    codes: ['enotfound', 'epipe', 'eproto', 'ehostunreach', 'ehostdown', 'enetunreach', 'enetdown', 'cert_has_expired'],
    pattern: /^(?:econn|eai_|und_err_|hpe_|err_tls_|err_ssl_)|self_signed_cert|^unable_to_(?:verify|get_issuer)/,
  },
];

/** Codes that say no more than a status would: only where there is none, or one that says nothing. */
export const vagueCodes: readonly CodeRow[] = [
  { kind: 'rateLimit', codes: ['resource_exhausted', 'requests', 'tokens'] },
  { kind: 'overloaded', codes: ['unavailable'] },
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
      'conflict_error',
      'validationexception',
      'ai_invalidprompterror',
      'ai_invalidargumenterror',
      'ai_unsupportedfunctionalityerror',
    ],
  },
  { kind: 'connection', codes: ['apiconnectionerror'] },
  { kind: 'emptyResponse', codes: ['ai_nooutputgeneratederror'] },
];

/** JSON-RPC's own codes, and those of the Model Context Protocol. */
const rpcKinds: Readonly<Record<number, ModelErrorKind>> = {
  [-32000]: 'connection',
  [-32001]: 'timeout',
  [-32042]: 'permission',
  [-32600]: 'badRequest',
  [-32601]: 'badRequest',
  [-32602]: 'badRequest',
  [-32603]: 'serverError',
  [-32700]: 'badRequest',
};

/** The kind that the first matching row stands for. */
export function kindOfCodes(codes: ReadonlySet<string>, rows: readonly CodeRow[]): ModelErrorKind | undefined {
  const all = [...codes];
  return rows.find((row) => all.some((code) => row.codes.includes(code) || row.pattern?.test(code)))?.kind;
}

/** The kind that a JSON-RPC code stands for. */
export function kindOfRpcCode(code: number | undefined): ModelErrorKind | undefined {
  return code === undefined ? undefined : rpcKinds[code];
}
