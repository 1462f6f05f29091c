import { type CallHandler, type ExecutionContext, type NestInterceptor, UseInterceptors } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Observable } from 'rxjs';

/** When the paths of the old backend were deprecated: with their first release here. */
const DEPRECATED_SINCE = new Date('2026-11-23T00:00:00Z');
/** As RFC 9745 has it: seconds since 1970, marked as a date. */
const DEPRECATION = `@${DEPRECATED_SINCE.getTime() / 1_000}`;
/** How paths of the old backend call the agent type. */
export const AI_TYPE = 'ai_type';

/**
 * Every answer of the route, errors too, says that it is deprecated, and where its successor is.
 *
 * @param successor path of the successor; `{agent_type}` stands for the agent that the request names
 */
export function SupersededBy(successor: string): MethodDecorator {
  return UseInterceptors(new DeprecationInterceptor(successor));
}

class DeprecationInterceptor implements NestInterceptor {
  constructor(private readonly successor: string) {}

  /** Runs before the pipes, so that also a refusal of theirs carries the headers. */
  intercept(context: ExecutionContext, next: CallHandler): Observable<unknown> {
    const http = context.switchToHttp();
    const { [AI_TYPE]: agentType = '' } = http.getRequest<FastifyRequest>().params as Record<string, string>;
    const successor = this.successor.replace('{agent_type}', () => encodeURIComponent(agentType));
    void http
      .getResponse<FastifyReply>()
      .header('deprecation', DEPRECATION)
      .header('link', `<${successor}>; rel="successor-version"`);
    return next.handle();
  }
}

/** Documents the headers, beside those that the answer has anyway. */
export const DEPRECATION_HEADERS = {
  Deprecation: {
    description: 'Since when the path is deprecated (RFC 9745): `@` and seconds since 1970.',
    schema: { type: 'string' as const, example: DEPRECATION },
  },
  Link: {
    description: 'The successor, as `rel="successor-version"`.',
    schema: { type: 'string' as const, example: '</api/custody/agents>; rel="successor-version"' },
  },
};
