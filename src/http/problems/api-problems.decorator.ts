import { applyDecorators } from '@nestjs/common';
import { ApiExtraModels, ApiResponse, getSchemaPath } from '@nestjs/swagger';
import { DomainError, type ErrorCode, type FieldError } from '../../common/index.js';
import { ERROR_STATUS } from './error-status.js';
import { type Problem, toProblem } from './problem.js';
import { ProblemDto } from './problem.dto.js';

const DESCRIPTIONS = {
  malformed_request: 'The request is not well-formed HTTP, or its body not JSON.',
  validation_failed: "The request isn't of the form described here. `errors` names each field.",
  unauthenticated: 'The request has no key or token, or not one that is good.',
  scope_missing: "The key or token hasn't the scope that this needs.",
  cross_site_request: 'A page of another origin sends this to a service that needs no key.',
  agent_not_found: 'There is no such agent.',
  request_timeout: "The request didn't arrive in time.",
  uri_too_long: 'The path and the query are too long.',
  headers_too_large: 'The headers are too large.',
  payload_too_large: 'The body is larger than 1 MiB.',
  unsupported_media_type: 'The body is not application/json.',
  rule_violated: 'The request would break a rule of the domain. `errors` names each field and reason.',
  precondition_failed: "The agent isn't at the version that If-Match or If-None-Match asks for.",
  idempotency_key_reused: 'The Idempotency-Key came with another request to the agent before.',
  rate_limited: 'The caller has sent as many requests as it may; Retry-After says how many seconds to wait.',
  write_conflict: 'Other writes got in the way; Retry-After says how many seconds to wait.',
  overloaded: 'There is too much to do already; Retry-After says how many seconds to wait.',
  internal_error: "Something failed inside the service. `error_id` leads to the cause in the service's log.",
  evaluator_not_configured: "No evaluator is set (CUSTODY_EVALUATOR_URL): tests can't be administered here.",
  evaluator_failed: 'The evaluator failed, or answered with what is no result. Nothing was recorded.',
  evaluator_timeout: 'The evaluator gave no answer in time. Nothing was recorded.',
  database_unavailable: "The database can't be reached; Retry-After says how many seconds to wait.",
  database_restarting: 'The database is being stopped or started.',
  database_read_only: 'The database takes no writes: it is a standby, or set to read-only.',
  database_disk_full: "The database's disk is full.",
  database_out_of_memory: 'The database has run out of memory.',
  database_connections_full: 'The database takes no more connections.',
  database_limit_exceeded: 'A limit that is configured in the database was reached.',
  statement_timeout: 'A statement took longer than STATEMENT_TIMEOUT, or was cancelled.',
} as const satisfies Partial<Record<ErrorCode, string>>;

export type DocumentedCode = keyof typeof DESCRIPTIONS;

/** Documents the errors of a route that needs a key and the database: these, and those that all such routes may answer. */
export function ApiProblems(...codes: DocumentedCode[]): MethodDecorator {
  const all = new Set<DocumentedCode>([
    'malformed_request',
    'unauthenticated',
    'scope_missing',
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

/** Documents these errors of a route, and those of every route. */
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

/** The response of one status; several codes may share it. */
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
    description: 'How many requests (`q`) a caller may send in how many seconds (`w`).',
    schema: { type: 'string' as const, example: '"default";q=600;w=60' },
  },
  RateLimit: {
    description: 'How many of them are left (`r`), and in how many seconds all of them are there again (`t`).',
    schema: { type: 'string' as const, example: '"default";r=0;t=42' },
  },
};
const RETRY_AFTER = { description: 'Seconds to wait before the next try.', schema: { type: 'integer' as const } };

/** The errors that every route with a body may answer. */
export const BODY_PROBLEMS = [
  'validation_failed',
  'payload_too_large',
  'unsupported_media_type',
  'rule_violated',
] as const;
