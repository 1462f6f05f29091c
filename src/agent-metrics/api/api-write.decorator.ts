import { applyDecorators, HttpStatus, type Type } from '@nestjs/common';
import { ApiHeader, ApiResponse, type ApiResponseOptions } from '@nestjs/swagger';
import { ApiProblems, type DocumentedCode } from '../../http/problems/index.js';
import { ETAG_HEADER } from './conditional-get.js';
import { IDEMPOTENCY_KEY, IDEMPOTENCY_KEY_MAX_LENGTH } from '../write/request-identity.js';

const REPLAYED_HEADER = {
  'Idempotency-Replayed': {
    description: '`true` when an earlier request with the same key had been recorded, whose answer this is.',
    schema: { type: 'string' as const, enum: ['true'] },
  },
};

interface WriteAnswers {
  type: Type;
  ok: string;
  created?: string;
  problems?: readonly DocumentedCode[];
  /** Headers of the answer beside those of every write. */
  headers?: ApiResponseOptions['headers'];
}

/** Documents a write of one agent: its headers, answers and errors. */
export function ApiWrite({ type, ok, created, problems = [], headers: others = {} }: WriteAnswers): MethodDecorator {
  const headers = { ...ETAG_HEADER, ...REPLAYED_HEADER, ...others };
  return applyDecorators(
    ApiIdempotencyKey(),
    ApiHeader({
      name: 'If-Match',
      description:
        'ETags: the write is refused with 412 when the agent is at none of them, or, with `*`, does not exist.',
      required: false,
      schema: { type: 'string' },
    }),
    ApiHeader({
      name: 'If-None-Match',
      description: '`*`: the write is refused with 412 when the agent exists.',
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

/** Documents a write of many agents. */
export function ApiBulkWrite({ type, ok, problems = [], headers: others = {} }: WriteAnswers): MethodDecorator {
  return applyDecorators(
    ApiIdempotencyKey(),
    ApiResponse({ status: HttpStatus.OK, type, description: ok, headers: { ...REPLAYED_HEADER, ...others } }),
    ApiProblems(...WRITE_PROBLEMS, ...problems),
  );
}

/** The errors that every write may answer. */
const WRITE_PROBLEMS = [
  'cross_site_request',
  'validation_failed',
  'idempotency_key_reused',
  'write_conflict',
  'overloaded',
] as const;

const ApiIdempotencyKey = (): MethodDecorator =>
  ApiHeader({
    name: IDEMPOTENCY_KEY,
    description:
      'Makes the write happen once, however often it is sent: a key of your choice, such as a UUID, new for each write ' +
      'to the agent. Sent again, it gets the first answer; with another body, 422.',
    required: false,
    schema: { type: 'string', minLength: 1, maxLength: IDEMPOTENCY_KEY_MAX_LENGTH },
  });
