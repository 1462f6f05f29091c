import { applyDecorators, createParamDecorator, type ExecutionContext, HttpStatus } from '@nestjs/common';
import { ApiHeader, ApiResponse } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { entityTag, versionsIn } from '../common/entity-tag.js';
import { holds, type Versions } from '../progression/precondition.js';

/** Parameter of a handler: the versions that the client has already, in If-None-Match. */
export const KnownVersions = createParamDecorator((_: unknown, context: ExecutionContext): Versions | undefined => {
  const { headers } = context.switchToHttp().getRequest<FastifyRequest>();
  return versionsIn('If-None-Match', headers['if-none-match'], 'weak');
});

/** Sets the ETag, and the status 304 when the client has this version: then there is nothing to send. */
export function isNotModified(reply: FastifyReply, known: Versions | undefined, version: number): boolean {
  // A browser may keep it, and asks each time whether it still holds.
  void reply.header('etag', entityTag(version)).header('cache-control', 'private, no-cache');
  if (holds({ noneMatch: known }, version)) return false;
  void reply.status(HttpStatus.NOT_MODIFIED);
  return true;
}

/** Sends text that is JSON already. */
export function asJson(reply: FastifyReply, text: string): string {
  void reply.header('content-type', 'application/json; charset=utf-8');
  return text;
}

export const ETAG_HEADER = {
  ETag: {
    description: "The agent's version, in quotes: for If-None-Match and If-Match.",
    schema: { type: 'string' as const, example: entityTag(14) },
  },
};

/** Documents If-None-Match and its answer. */
export const ApiConditionalGet = (): MethodDecorator =>
  applyDecorators(
    ApiHeader({
      name: 'If-None-Match',
      description: 'ETags that the client has: when the agent is at one of them, the answer is 304 without a body.',
      required: false,
      schema: { type: 'string' },
    }),
    ApiResponse({
      status: HttpStatus.NOT_MODIFIED,
      description: 'The agent is as the client knows it.',
      headers: ETAG_HEADER,
    }),
  );
