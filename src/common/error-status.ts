import type { ErrorCode } from './domain-error.js';

/** HTTP status and title of each error; the compiler sees to it that none is left out. */
export const ERROR_STATUS = {
  malformed_request: { status: 400, title: 'Malformed request' },
  validation_failed: { status: 400, title: 'Invalid request' },
  unauthenticated: { status: 401, title: 'Unauthenticated' },
  scope_missing: { status: 403, title: 'Scope missing' },
  custody_requirements_unmet: { status: 403, title: 'Custody requirements unmet' },
  agent_not_found: { status: 404, title: 'Agent not found' },
  route_not_found: { status: 404, title: 'Not found' },
  method_not_allowed: { status: 405, title: 'Method not allowed' },
  request_timeout: { status: 408, title: 'Request timeout' },
  precondition_failed: { status: 412, title: 'Precondition failed' },
  payload_too_large: { status: 413, title: 'Payload too large' },
  uri_too_long: { status: 414, title: 'URI too long' },
  unsupported_media_type: { status: 415, title: 'Unsupported media type' },
  expectation_failed: { status: 417, title: 'Expectation failed' },
  rule_violated: { status: 422, title: 'Rule violated' },
  idempotency_key_reused: { status: 422, title: 'Idempotency key reused' },
  rate_limited: { status: 429, title: 'Too many requests' },
  headers_too_large: { status: 431, title: 'Request header fields too large' },
  internal_error: { status: 500, title: 'Internal error' },
  write_conflict: { status: 503, title: 'Write conflict' },
  overloaded: { status: 503, title: 'Overloaded' },
  shutting_down: { status: 503, title: 'Shutting down' },
  issuer_unavailable: { status: 503, title: 'Issuer of tokens unavailable' },
  database_unavailable: { status: 503, title: 'Database unavailable' },
} as const satisfies Record<ErrorCode, { status: number; title: string }>;
