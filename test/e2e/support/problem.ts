import { expect } from '@jest/globals';
import type { Answer, TestApp } from '../../support/test-app.js';
import { stored } from './read.js';

/** Contract with clients: the status of each code. Not read from the source, which it checks. */
export const STATUS_OF = {
  malformed_request: 400,
  evaluation_file_invalid: 400,
  validation_failed: 400,
  unauthenticated: 401,
  scope_missing: 403,
  agent_forbidden: 403,
  cross_site_request: 403,
  custody_requirements_unmet: 403,
  agent_not_found: 404,
  event_not_found: 404,
  webhook_not_found: 404,
  key_not_found: 404,
  key_exists: 409,
  route_not_found: 404,
  method_not_allowed: 405,
  agent_renamed: 409,
  agent_exists: 409,
  request_timeout: 408,
  precondition_failed: 412,
  payload_too_large: 413,
  uri_too_long: 414,
  unsupported_media_type: 415,
  expectation_failed: 417,
  rule_violated: 422,
  idempotency_key_reused: 422,
  rate_limited: 429,
  headers_too_large: 431,
  internal_error: 500,
  evaluator_not_configured: 501,
  evaluator_failed: 502,
  evaluator_timeout: 504,
  write_conflict: 503,
  overloaded: 503,
  shutting_down: 503,
  issuer_unavailable: 503,
  database_unavailable: 503,
  database_restarting: 503,
  database_read_only: 503,
  database_disk_full: 503,
  database_out_of_memory: 503,
  database_connections_full: 503,
  database_limit_exceeded: 503,
  statement_timeout: 503,
} as const;
export type Code = keyof typeof STATUS_OF;

/** Codes of problems that lie in fields, and so name them. */
const CODES_WITH_ERRORS: readonly Code[] = ['validation_failed', 'rule_violated'];

/** Name of a field to blame, or what it looks like. */
export type Field = string | RegExp;

export interface Request {
  method: string;
  path: string;
  body?: unknown;
  headers?: Record<string, string>;
}

/** Expects the problem document of a code: all members that RFC 9457 and our contract have, and the fields to blame. */
export function expectProblem(answer: Answer, code: Code, path: string, fields: readonly Field[] = []): void {
  expect(answer.body).toEqual({
    type: `urn:lvlup:problem:${code}`,
    title: expect.stringMatching(/\w/),
    status: STATUS_OF[code],
    detail: expect.stringMatching(/\w/),
    instance: path.split('?', 1)[0],
    code,
    ...(CODES_WITH_ERRORS.includes(code) && { errors: expect.any(Array) }),
    ...(code === 'custody_requirements_unmet' && { requirements: expect.any(Array) }),
    ...(code === 'agent_renamed' && { agent_type: expect.any(String) }),
    ...(code === 'internal_error' && { error_id: expect.any(String) }),
  });
  expect(answer.status).toBe(STATUS_OF[code]);
  expect(answer.headers.get('content-type')).toMatch(/^application\/problem\+json/);
  expectFields(answer.body, fields);
}

function expectFields(body: unknown, fields: readonly Field[]): void {
  if (fields.length === 0) return;
  const { errors } = body as { errors: { field: string; detail: string }[] };
  const expected = fields.map((field) => (typeof field === 'string' ? field : expect.stringMatching(field)) as unknown);
  expect(errors.map(({ field }) => field)).toEqual(expect.arrayContaining(expected));
  for (const error of errors) expect(error).toEqual({ field: expect.any(String), detail: expect.stringMatching(/\w/) });
}

/** Expects that the request is refused with this code, blames these fields, and leaves rows and ledger as they were. */
export async function expectRefused(
  app: TestApp,
  { method, path, body, headers }: Request,
  code: Code,
  ...fields: Field[]
): Promise<void> {
  const before = await stored(app);
  expectProblem(await app.send(method, path, body, headers), code, path, fields);
  expect(await stored(app)).toEqual(before);
}

/** As expectRefused, for a request that lacks the form the API takes, sent as JSON in this very spelling. */
export async function expectInvalid(
  app: TestApp,
  method: string,
  path: string,
  body: unknown,
  ...fields: Field[]
): Promise<void> {
  await expectRefused(app, { method, path, body }, 'validation_failed', ...fields);
}
