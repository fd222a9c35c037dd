/** https://platform.minimax.io/docs/api-reference/errorcode, in the words of the others. */
const codes: ReadonlyMap<number, string> = new Map([
  [1001, 'timeout_error'],
  [1002, 'rate_limit_error'],
  [1004, 'authentication_error'],
  [1008, 'insufficient_quota'],
  [1026, 'content_filter'],
  [1027, 'content_filter'],
  [1028, 'quota_exhausted'],
  [1030, 'quota_exhausted'],
  [1039, 'rate_limit_error'],
  [1042, 'invalid_request_error'],
  [2013, 'invalid_request_error'],
  [2049, 'invalid_api_key'],
  [2056, 'usage_limit_reached'],
  [2061, 'permission_error'],
]);

/** The code of the failure that a `base_resp.status_code` stands for; undefined for success, and where there is none. */
export function codeOfMiniMax(status: unknown): string | undefined {
  return typeof status === 'number' && status !== 0 ? (codes.get(status) ?? 'server_error') : undefined;
}
