import { applyDecorators, createParamDecorator, type ExecutionContext, HttpStatus } from '@nestjs/common';
import { ApiHeader, ApiResponse } from '@nestjs/swagger';
import { type HttpRequest, type HttpResponse, isExpress } from '../../http/exchange/index.js';
import { toDocumentTag, toEntityTag, matchesTag } from '../../http/parameters/index.js';
import type { AgentDocument } from '../read/agent-documents.js';

/** Handler parameter: tests whether If-None-Match contains an entity tag. */
export const IsKnown = createParamDecorator((_: unknown, context: ExecutionContext): IsKnownTag => {
  const value = context.switchToHttp().getRequest<HttpRequest>().headers['if-none-match'];
  // Refuses an invalid header before the database is read.
  matchesTag('If-None-Match', value, '');
  return (entity) => matchesTag('If-None-Match', value, entity);
});
export type IsKnownTag = (entity: string) => boolean;

/** Sets the ETag, and status 304 if the client has the current document. Returns whether it has. */
export function isNotModified(reply: HttpResponse, isKnown: IsKnownTag, { tag }: AgentDocument): boolean {
  // Browsers may cache the response, but must revalidate it.
  reply.header('etag', tag);
  reply.header('cache-control', 'private, no-cache');
  if (!isKnown(tag)) return false;
  reply.status(HttpStatus.NOT_MODIFIED);
  return true;
}

/** Sets the content type of a response that is JSON text in UTF-8. */
export function asJson(reply: HttpResponse, text: Buffer): Buffer | string {
  reply.header('content-type', 'application/json; charset=utf-8');
  // Nest formats an object as JSON on Express, a Buffer as well.
  return isExpress(reply) ? text.toString() : text;
}

/** Documents the ETag of a write's response. */
export const ETAG_HEADER = {
  ETag: {
    description: "Entity tag: the agent's version, in quotes. For If-Match.",
    schema: { type: 'string' as const, example: toEntityTag(14) },
  },
};

/** Documents the ETag of a document. */
export const DOCUMENT_ETAG_HEADER = {
  ETag: {
    description:
      'Entity tag: version of the agent and checksum of the document, in quotes. For If-None-Match and If-Match.',
    schema: { type: 'string' as const, example: toDocumentTag(14, '') },
  },
};

/** Documents If-None-Match and the response 304. */
export const ApiConditionalGet = (): MethodDecorator =>
  applyDecorators(
    ApiHeader({
      name: 'If-None-Match',
      description:
        'ETags known to the client. If the current document has one of them, the response is 304 without a body.',
      required: false,
      schema: { type: 'string' },
    }),
    ApiResponse({
      status: HttpStatus.NOT_MODIFIED,
      description: 'The document is unchanged.',
      headers: DOCUMENT_ETAG_HEADER,
    }),
  );
