import { type CallHandler, type ExecutionContext, type NestInterceptor, UseInterceptors } from '@nestjs/common';
import type { Observable } from 'rxjs';
import { getApiRoot } from '../http/controllers/index.js';
import type { HttpRequest, HttpResponse } from '../http/exchange/index.js';

/** Date of the first release of the paths of the old backend in this service. */
const DEPRECATED_SINCE = new Date('2026-11-23T00:00:00Z');
/** Date in the format of RFC 9745: `@` and seconds since 1970. */
const DEPRECATION = `@${DEPRECATED_SINCE.getTime() / 1_000}`;
/** Name of the agent type in paths of the old backend. */
export const AI_TYPE = 'ai_type';

/**
 * Adds the headers Deprecation and Link to every response of the route, including errors.
 *
 * @param successor path of the successor below the prefix; `{agent_type}` is replaced with the agent type of the request
 */
export function SupersededBy(successor: string): MethodDecorator {
  return UseInterceptors(new DeprecationInterceptor(successor));
}

class DeprecationInterceptor implements NestInterceptor {
  constructor(private readonly successor: string) {}

  /** Runs before the pipes, so that validation errors have the headers too. */
  intercept(context: ExecutionContext, next: CallHandler): Observable<unknown> {
    const http = context.switchToHttp();
    const request = http.getRequest<HttpRequest>();
    const { [AI_TYPE]: agentType = '' } = request.params as Record<string, string>;
    const path = this.successor.replace('{agent_type}', () => encodeURIComponent(agentType));
    const successor = getApiRoot(request, context.getClass()) + path;
    const response = http.getResponse<HttpResponse>();
    response.header('deprecation', DEPRECATION);
    response.header('link', `<${successor}>; rel="successor-version"`);
    return next.handle();
  }
}

/** Schemas of the headers. */
export const DEPRECATION_HEADERS = {
  Deprecation: {
    description: 'Date of the deprecation (RFC 9745): `@` and seconds since 1970.',
    schema: { type: 'string' as const, example: DEPRECATION },
  },
  Link: {
    description: 'Path of the successor, with `rel="successor-version"`.',
    schema: { type: 'string' as const, example: '</api/custody/agents>; rel="successor-version"' },
  },
};
