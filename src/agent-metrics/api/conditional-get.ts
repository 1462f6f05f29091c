import { applyDecorators, createParamDecorator, type ExecutionContext, HttpStatus } from '@nestjs/common';
import { ApiHeader, ApiResponse } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { toDocumentTag, toEntityTag, matchesTag } from '../../http/parameters/index.js';
import type { AgentDocument } from '../read/agent-documents.js';

/** Parameter of a handler: whether the client has the document of this entity tag already, by If-None-Match. */
export const IsKnown = createParamDecorator((_: unknown, context: ExecutionContext): IsKnownTag => {
  const value = context.switchToHttp().getRequest<FastifyRequest>().headers['if-none-match'];
  // A header that is no list of tags is refused before anything is read.
  matchesTag('If-None-Match', value, '');
  return (entity) => matchesTag('If-None-Match', value, entity);
});
export type IsKnownTag = (entity: string) => boolean;

/** Sets the ETag, and the status 304 when the client has this very document: then there is nothing to send. */
export function isNotModified(reply: FastifyReply, isKnown: IsKnownTag, { version, json }: AgentDocument): boolean {
  const entity = toDocumentTag(version, json);
  // A browser may keep it, and asks each time whether it still holds.
  void reply.header('etag', entity).header('cache-control', 'private, no-cache');
  if (!isKnown(entity)) return false;
  void reply.status(HttpStatus.NOT_MODIFIED);
  return true;
}

/** Sends text that is JSON already. */
export function asJson(reply: FastifyReply, text: string): string {
  void reply.header('content-type', 'application/json; charset=utf-8');
  return text;
}

/** Documents the ETag of a write's answer. */
export const ETAG_HEADER = {
  ETag: {
    description: "The agent's version, in quotes: for If-Match.",
    schema: { type: 'string' as const, example: toEntityTag(14) },
  },
};

/** Documents the ETag of a document. */
export const DOCUMENT_ETAG_HEADER = {
  ETag: {
    description: "The agent's version and a checksum of what is shown, in quotes: for If-None-Match and If-Match.",
    schema: { type: 'string' as const, example: toDocumentTag(14, '') },
  },
};

/** Documents If-None-Match and its answer. */
export const ApiConditionalGet = (): MethodDecorator =>
  applyDecorators(
    ApiHeader({
      name: 'If-None-Match',
      description:
        'ETags that the client has: when what would be shown has one of them, the answer is 304 without a body.',
      required: false,
      schema: { type: 'string' },
    }),
    ApiResponse({
      status: HttpStatus.NOT_MODIFIED,
      description: 'The agent is as the client knows it.',
      headers: DOCUMENT_ETAG_HEADER,
    }),
  );
