import type { IncomingMessage } from 'node:http';
import { applyDecorators, type ExecutionContext, SetMetadata } from '@nestjs/common';
import { ApiConsumes, ApiProduces } from '@nestjs/swagger';
import { getRawRequest, type HttpRequest } from '../exchange/index.js';

export const NDJSON = 'application/x-ndjson';
const NDJSON_TYPE = /^application\/(?:x-)?ndjson *(;|$)/i;
const ACCEPTS_NDJSON = Symbol('accepts NDJSON');

/** The route also accepts newline-delimited JSON of any length, and then responds in it. */
export function AcceptsNdjson(): MethodDecorator {
  return applyDecorators(
    SetMetadata(ACCEPTS_NDJSON, true),
    ApiConsumes('application/json', NDJSON),
    ApiProduces('application/json', NDJSON),
  );
}

/** Whether the body of this request is NDJSON that its route accepts. */
export function isAcceptedNdjson(context: ExecutionContext): boolean {
  const accepts = Reflect.getMetadata(ACCEPTS_NDJSON, context.getHandler()) as true | undefined;
  return accepts === true && isNdjson(context.switchToHttp().getRequest<HttpRequest>());
}

/** Whether the body is newline-delimited JSON. */
export function isNdjson({ headers }: Pick<HttpRequest, 'headers'>): boolean {
  return NDJSON_TYPE.test(headers['content-type'] ?? '');
}

/** The body as a stream. Neither platform reads it. */
export function getBodyStream(request: HttpRequest): IncomingMessage {
  return getRawRequest(request);
}
