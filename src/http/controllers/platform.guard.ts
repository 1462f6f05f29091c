import { type CanActivate, type ExecutionContext, Injectable } from '@nestjs/common';
import { DomainError } from '../../common/index.js';
import { type HttpRequest, isExpress } from '../exchange/index.js';
import { isAcceptedNdjson } from '../ndjson/index.js';

const JSON_TYPE = /^application\/json *(;|$)/i;

/**
 * Removes differences between the platforms. The body parsers of Express ignore bodies that are not JSON, and parse forms;
 * Express also responds with 304 to If-None-Match by itself.
 */
@Injectable()
export class PlatformGuard implements CanActivate {
  /** @throws DomainError `unsupported_media_type` if the body is not JSON */
  canActivate(context: ExecutionContext): true {
    const request = context.switchToHttp().getRequest<HttpRequest>();
    if (hasBody(request) && !isAcceptedNdjson(context) && !JSON_TYPE.test(request.headers['content-type'] ?? '')) {
      throw new DomainError('unsupported_media_type', 'The body must be application/json.');
    }
    if (isExpress(request) && !hasBody(request) && isEmptyJson(request))
      throw new DomainError('malformed_request', 'The body is empty.');
    if (isExpress(request)) Object.defineProperty(request, 'fresh', { value: false });
    return true;
  }
}

/** Whether the request says that its body is JSON, but has none. Fastify refuses it before our code; Express does not. */
function isEmptyJson({ method, headers }: HttpRequest): boolean {
  return method !== 'GET' && method !== 'HEAD' && JSON_TYPE.test(headers['content-type'] ?? '');
}

/** Whether the request has a body. Bodies of GET and HEAD are ignored. */
function hasBody({ method, headers }: HttpRequest): boolean {
  if (method === 'GET' || method === 'HEAD') return false;
  return headers['transfer-encoding'] !== undefined || (headers['content-length'] ?? '0') !== '0';
}
