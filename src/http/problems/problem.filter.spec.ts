import { describe, expect, it } from '@jest/globals';
import { ForbiddenException, NotFoundException } from '@nestjs/common';
import { databaseFailed } from '../../database/errors/database-failure.js';
import { agentNotFound, DomainError, ruleViolated, validationFailed } from '../../common/domain-error.js';
import { ERROR_STATUS } from './error-status.js';
import { toProblem } from './problem.js';
import { toDomainError } from './problem.filter.js';

describe('toProblem', () => {
  it.each([
    ['malformed_request', 400],
    ['validation_failed', 400],
    ['unauthenticated', 401],
    ['scope_missing', 403],
    ['cross_site_request', 403],
    ['custody_requirements_unmet', 403],
    ['agent_not_found', 404],
    ['route_not_found', 404],
    ['method_not_allowed', 405],
    ['request_timeout', 408],
    ['precondition_failed', 412],
    ['payload_too_large', 413],
    ['uri_too_long', 414],
    ['unsupported_media_type', 415],
    ['expectation_failed', 417],
    ['rule_violated', 422],
    ['idempotency_key_reused', 422],
    ['rate_limited', 429],
    ['headers_too_large', 431],
    ['internal_error', 500],
    ['write_conflict', 503],
    ['overloaded', 503],
    ['shutting_down', 503],
    ['issuer_unavailable', 503],
    ['database_unavailable', 503],
    ['database_restarting', 503],
    ['database_read_only', 503],
    ['database_disk_full', 503],
    ['database_out_of_memory', 503],
    ['database_connections_full', 503],
    ['database_limit_exceeded', 503],
    ['statement_timeout', 503],
  ] as const)('%s has status %i', (code, status) => {
    expect(toProblem(new DomainError(code, 'what happened'), '/path')).toEqual({
      type: `urn:lvlup:problem:${code}`,
      title: ERROR_STATUS[code].title,
      status,
      detail: 'what happened',
      instance: '/path',
      code,
    });
  });

  it('lists the invalid fields', () => {
    const errors = [{ field: 'xp', detail: 'must be more' }];
    expect(toProblem(ruleViolated(errors))).toMatchObject({ errors });
  });

  it('lists at most 20 truncated fields and counts the others', () => {
    const errors = Array.from({ length: 1_000 }, (_, n) => ({
      field: `${n}${'🙂'.repeat(500)}`,
      detail: 'x'.repeat(9_999),
    }));
    const problem = toProblem(validationFailed(errors));
    expect(problem).toMatchObject({
      detail: 'The request has 1000 invalid fields; the first 20 are listed.',
      further_errors: 980,
    });
    expect(problem.errors).toHaveLength(20);
    for (const { field, detail } of problem.errors ?? []) {
      expect([field.length, field.isWellFormed(), detail.length]).toEqual([300, true, 2_000]);
    }
    expect(toProblem(validationFailed(errors.slice(0, 20)))).not.toHaveProperty('further_errors');
  });

  it('contains the extensions of the error', () => {
    const error = new DomainError('custody_requirements_unmet', 'what is missing', {
      extensions: { requirements: [] },
    });
    expect(toProblem(error)).toEqual({
      type: 'urn:lvlup:problem:custody_requirements_unmet',
      title: 'Custody requirements unmet',
      status: 403,
      detail: 'what is missing',
      code: 'custody_requirements_unmet',
      requirements: [],
    });
  });
});

describe('toDomainError', () => {
  it('keeps domain errors', () => {
    const error = agentNotFound('x');
    expect(toDomainError(error)).toBe(error);
  });

  it.each([
    [new NotFoundException(), 'route_not_found'],
    [new ForbiddenException(), 'malformed_request'],
    [Object.assign(new Error('too large'), { statusCode: 413 }), 'payload_too_large'],
    [Object.assign(new Error('teapot'), { statusCode: 418 }), 'malformed_request'],
    [new Error('boom'), 'internal_error'],
    ['thrown text', 'internal_error'],
    [undefined, 'internal_error'],
  ])('converts %p to %s', (thrown, code) => {
    expect(toDomainError(thrown).code).toBe(code);
  });

  it('does not disclose the cause', () => {
    expect(toProblem(toDomainError(new Error('password=secret'))).detail).not.toContain('secret');
    expect(toProblem(databaseFailed('database_unavailable', new Error('password=secret'))).detail).not.toContain(
      'secret',
    );
  });
});
