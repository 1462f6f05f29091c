import { applyDecorators } from '@nestjs/common';
import { ApiExtraModels, ApiResponse, getSchemaPath } from '@nestjs/swagger';
import { DomainError, type ErrorCode, type FieldError } from '../../common/index.js';
import { ERROR_STATUS } from './error-status.js';
import { type Problem, toProblem } from './problem.js';
import { ProblemDto } from './problem.dto.js';

const DESCRIPTIONS = {
  malformed_request: 'The request is not well-formed HTTP, or its body is not valid JSON.',
  validation_failed: 'The request does not have the documented form. `errors` lists the fields.',
  evaluation_file_invalid:
    'The evaluation file is damaged, or of no known format. `line` and `column`: position of the fault, if known.',
  unauthenticated: 'Missing, invalid, expired or revoked API key or token.',
  scope_missing: 'The key or token does not have the required scope.',
  agent_forbidden: 'The key or token is limited to other agents.',
  cross_site_request: 'The request comes from a page of another origin, and no key is required.',
  agent_not_found: 'The agent does not exist.',
  event_not_found: 'The agent has no event with this version.',
  webhook_not_found: 'There is no webhook endpoint with this id.',
  key_not_found: 'No current API key has this name or id.',
  key_exists: 'A current API key has this name.',
  agent_renamed: 'The agent has another name now. `agent_type` is the new name.',
  agent_exists: 'An agent has, or had, this name.',
  request_timeout: 'The request was not received in time.',
  uri_too_long: 'The path and the query are too long.',
  headers_too_large: 'The headers are too large.',
  payload_too_large: 'The body is larger than 1 MiB.',
  unsupported_media_type: 'The body is not application/json.',
  rule_violated: 'The request violates a rule of the domain. `errors` lists the fields and reasons.',
  precondition_failed: 'The version of the agent does not match If-Match or If-None-Match.',
  idempotency_key_reused: 'The Idempotency-Key was used for another request to the agent.',
  rate_limited: 'The caller has exceeded its rate limit. Retry-After: seconds to wait.',
  write_conflict: 'Repeated conflicts with other writes. Retry-After: seconds to wait.',
  overloaded: 'The service is overloaded. Retry-After: seconds to wait.',
  internal_error: 'Internal error. `error_id` identifies the cause in the log of the service.',
  evaluator_not_configured: 'No evaluator is configured (CUSTODY_EVALUATOR_URL).',
  evaluator_failed: 'The evaluator failed or returned an invalid result. Nothing was recorded.',
  evaluator_timeout: 'The evaluator did not respond in time. Nothing was recorded.',
  database_unavailable: 'The database is unavailable. Retry-After: seconds to wait.',
  database_restarting: 'The database is stopping or starting.',
  database_read_only: 'The database is read-only or a standby.',
  database_disk_full: 'The disk of the database is full.',
  database_out_of_memory: 'The database is out of memory.',
  database_connections_full: 'The database accepts no more connections.',
  database_limit_exceeded: 'A configured limit of the database is exceeded.',
  statement_timeout: 'A statement exceeded STATEMENT_TIMEOUT or was cancelled.',
} as const satisfies Partial<Record<ErrorCode, string>>;

export type DocumentedCode = keyof typeof DESCRIPTIONS;

/** Documents the problems of a route that requires a key and the database: these codes and the common ones. */
export function ApiProblems(...codes: DocumentedCode[]): MethodDecorator {
  const all = new Set<DocumentedCode>([
    'malformed_request',
    'unauthenticated',
    'scope_missing',
    'agent_forbidden',
    ...codes,
    'rate_limited',
    'internal_error',
    'overloaded',
    'database_unavailable',
    'database_restarting',
    'database_read_only',
    'database_disk_full',
    'database_out_of_memory',
    'database_connections_full',
    'database_limit_exceeded',
    'statement_timeout',
  ]);
  return ApiProblemsOnly(...all);
}

/** Documents these problems of a route, and those that every route has. */
export function ApiProblemsOnly(...ownCodes: DocumentedCode[]): MethodDecorator {
  const codes: DocumentedCode[] = [...ownCodes, 'request_timeout', 'uri_too_long', 'headers_too_large'];
  const statuses = new Set(codes.map(getStatus));
  const responses = [...statuses].map((status) =>
    documentResponse(
      status,
      codes.filter((code) => getStatus(code) === status),
    ),
  );
  return applyDecorators(ApiExtraModels(ProblemDto), ...responses);
}

const getStatus = (code: DocumentedCode): number => ERROR_STATUS[code].status;

/** Documents the response of one status, which several codes may share. */
function documentResponse(status: number, codes: readonly DocumentedCode[]): MethodDecorator {
  const examples = Object.fromEntries(codes.map((code) => [code, { summary: code, value: buildExample(code) }]));
  return ApiResponse({
    status,
    description: codes.map((code) => DESCRIPTIONS[code]).join(' '),
    content: { 'application/problem+json': { schema: { $ref: getSchemaPath(ProblemDto) }, examples } },
    ...(codes.includes('database_unavailable') && { headers: { 'Retry-After': RETRY_AFTER } }),
    ...(codes.includes('rate_limited') && { headers: { 'Retry-After': RETRY_AFTER, ...RATE_LIMIT_HEADERS } }),
  });
}

function buildExample(code: DocumentedCode): Problem {
  const errors = EXAMPLE_ERRORS[code];
  const id = code === 'internal_error' ? '0b9a4d1c-6f0e-4d52-9a53-0e5c1a2b7f10' : undefined;
  return toProblem(new DomainError(code, DESCRIPTIONS[code], errors && { errors }), EXAMPLE_PATH, id);
}

const EXAMPLE_PATH = '/api/agent-metrics/guardian/custody-test';
const EXAMPLE_ERRORS: Partial<Record<ErrorCode, FieldError[]>> = {
  validation_failed: [{ field: 'score', detail: 'must not be greater than 100' }],
  rule_violated: [{ field: 'custody_xp', detail: 'must be a whole number from 0 to 2147483647, but is 2147483650' }],
};

const RATE_LIMIT_HEADERS = {
  'RateLimit-Policy': {
    description: 'Maximum number of requests (`q`) of a caller in a window of `w` seconds.',
    schema: { type: 'string' as const, example: '"default";q=600;w=60' },
  },
  RateLimit: {
    description: 'Remaining requests (`r`), and seconds until the window ends (`t`).',
    schema: { type: 'string' as const, example: '"default";r=0;t=42' },
  },
};
const RETRY_AFTER = {
  description: 'Seconds to wait before repeating the request.',
  schema: { type: 'integer' as const },
};

/** Problems of every route with a body. */
export const BODY_PROBLEMS = [
  'validation_failed',
  'payload_too_large',
  'unsupported_media_type',
  'rule_violated',
] as const;
