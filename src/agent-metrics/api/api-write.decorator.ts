import { applyDecorators, HttpStatus, type Type } from '@nestjs/common';
import { ApiHeader, ApiResponse, type ApiResponseOptions } from '@nestjs/swagger';
import { ApiProblems, type DocumentedCode } from '../../http/problems/index.js';
import { ETAG_HEADER } from './conditional-get.js';
import { IDEMPOTENCY_KEY, IDEMPOTENCY_KEY_MAX_LENGTH } from '../write/write-options.js';

const REPLAYED_HEADER = {
  'Idempotency-Replayed': {
    description: '`true` if an earlier request with the same key was recorded; this is its response.',
    schema: { type: 'string' as const, enum: ['true'] },
  },
};

interface WriteAnswers {
  type: Type;
  ok: string;
  created?: string;
  problems?: readonly DocumentedCode[];
  /** Response headers in addition to those of every write. */
  headers?: ApiResponseOptions['headers'];
}

/** Documents a write to one agent: headers, responses and problems. */
export function ApiWrite({ type, ok, created, problems = [], headers: others = {} }: WriteAnswers): MethodDecorator {
  const headers = { ...ETAG_HEADER, ...REPLAYED_HEADER, ...others };
  return applyDecorators(
    ApiIdempotencyKey(),
    ApiHeader({
      name: 'If-Match',
      description:
        'ETags. The write is refused with 412 if none matches the agent; with `*`, if the agent does not exist.',
      required: false,
      schema: { type: 'string' },
    }),
    ApiHeader({
      name: 'If-None-Match',
      description: '`*`: the write is refused with 412 if the agent exists.',
      required: false,
      schema: { type: 'string' },
    }),
    ApiResponse({ status: HttpStatus.OK, type, description: ok, headers }),
    ...(created === undefined
      ? []
      : [ApiResponse({ status: HttpStatus.CREATED, type, description: created, headers })]),
    ApiProblems(...WRITE_PROBLEMS, 'precondition_failed', ...problems),
  );
}

/** Documents a write to several agents. */
export function ApiBulkWrite({ type, ok, problems = [], headers: others = {} }: WriteAnswers): MethodDecorator {
  return applyDecorators(
    ApiIdempotencyKey(),
    ApiResponse({ status: HttpStatus.OK, type, description: ok, headers: { ...REPLAYED_HEADER, ...others } }),
    ApiProblems(...WRITE_PROBLEMS, ...problems),
  );
}

/** Problems of every write. */
const WRITE_PROBLEMS = [
  'cross_site_request',
  'validation_failed',
  'idempotency_key_reused',
  'agent_renamed',
  'write_conflict',
  'overloaded',
] as const;

const ApiIdempotencyKey = (): MethodDecorator =>
  ApiHeader({
    name: IDEMPOTENCY_KEY,
    description:
      'Idempotency key, unique for each write to the agent, for example a UUID. A repeated request returns the first ' +
      'response and has no further effect. A different request with the same key is refused with 422.',
    required: false,
    schema: { type: 'string', minLength: 1, maxLength: IDEMPOTENCY_KEY_MAX_LENGTH },
  });
