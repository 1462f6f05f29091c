import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { getCallerAgents } from '../http/access/index.js';
import { assertAgents, assertScope } from './access-rules.js';
import type { Callers } from './callers.js';
import { parseCredential } from './credential.js';
import { isCrossSiteWrite } from './cross-site.js';
import { crossSiteRequest } from './errors.js';

const REMEDY = 'To allow it, add the origin to CORS_ORIGINS; behind a proxy, add the proxy to TRUST_PROXY.';

declare module 'fastify' {
  interface FastifyRequest {
    /** Error of the identification; null if it succeeded or was not needed. */
    identityFailure: Error | null;
  }
}

/**
 * Identifies the caller of each request and sets `request.caller`. Refuses no request: the rate limit comes next, and also
 * counts requests that cannot be identified. `requireScopes` refuses them.
 *
 * @param limit rate limit, applied before waiting for the token issuer
 */
export function identifyCallers(
  fastify: FastifyInstance,
  callers: Callers,
  limit: (request: FastifyRequest, reply: FastifyReply) => Promise<void>,
): void {
  fastify.decorateRequest<Error | null>('identityFailure', null);
  const identify = async (request: FastifyRequest, reply: FastifyReply, credential: string) => {
    if (callers.waitsForIssuer(credential)) await limit(request, reply);
    try {
      request.caller = await callers.identify(credential);
    } catch (error) {
      request.identityFailure = error as Error;
    }
  };
  // Without a promise if there is nothing to wait for: a hook with one takes as long as several without.
  fastify.addHook('onRequest', (request, reply, done) => {
    const credential = isPublic(request) ? null : parseCredential(request.headers);
    if (credential === null) done();
    else
      identify(request, reply, credential).then(() => {
        done();
      }, done);
  });
}

/**
 * Refuses requests without the required scope, and requests for agents that the caller may not access, before the body is
 * read. Unknown paths require a key too. If no key is required, writes by pages of other origins are refused.
 *
 * @param corsOrigins origins whose pages may write
 */
export function requireScopes(fastify: FastifyInstance, callers: Callers, corsOrigins: string[] | undefined): void {
  const assertAllowed = async (request: FastifyRequest) => {
    if (request.identityFailure) throw request.identityFailure;
    if (await callers.allowsAnonymous(request.headers.host)) {
      if (isCrossSiteWrite(request, corsOrigins)) throw crossSiteRequest(REMEDY);
    } else {
      assertScope(request, request.caller, request.routeOptions.config.access);
    }
    if (!request.is404) assertAgents(getCallerAgents(request), request.params, request.routeOptions.config.agents);
  };
  fastify.addHook('onRequest', (request, _reply, done) => {
    if (isPublic(request)) done();
    else
      assertAllowed(request).then(() => {
        done();
      }, done);
  });
}

function isPublic({ routeOptions }: FastifyRequest): boolean {
  return routeOptions.config.access === 'public';
}
