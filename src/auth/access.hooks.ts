import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { includesScope, type Scope } from '../http/access/index.js';
import type { Callers } from './callers.js';
import { parseCredential } from './credential.js';
import { isCrossSiteWrite } from './cross-site.js';
import { crossSiteRequest, scopeMissing, unauthenticated } from './errors.js';

const NO_CREDENTIAL =
  'The request requires an API key or a token: send it as "Authorization: Bearer …" or as "X-API-Key: …".';
const INVALID_CREDENTIAL = 'Invalid, expired or revoked API key or token.';

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
  fastify.addHook('onRequest', async (request, reply) => {
    if (isPublic(request)) return;
    const credential = parseCredential(request.headers);
    if (credential === null) return;
    if (callers.waitsForIssuer(credential)) await limit(request, reply);
    try {
      request.caller = await callers.identify(credential);
    } catch (error) {
      request.identityFailure = error as Error;
    }
  });
}

/**
 * Refuses requests without the required scope, before the body is read. Unknown paths require a key too. If no key is
 * required, writes by pages of other origins are refused.
 *
 * @param corsOrigins origins whose pages may write
 */
export function requireScopes(fastify: FastifyInstance, callers: Callers, corsOrigins: string[] | undefined): void {
  fastify.addHook('onRequest', async (request) => {
    const { caller, headers } = request;
    if (isPublic(request)) return;
    if (request.identityFailure) throw request.identityFailure;
    if (await callers.allowsAnonymous(headers.host)) {
      if (isCrossSiteWrite(request, corsOrigins)) throw crossSiteRequest();
      return;
    }
    if (caller === null) throw unauthenticated(parseCredential(headers) === null ? NO_CREDENTIAL : INVALID_CREDENTIAL);
    const needed = getRequiredScope(request);
    if (!includesScope(caller.scope, needed)) {
      throw scopeMissing(`The request requires the scope ${needed}; ${caller.name} has ${caller.scope ?? 'none'}.`);
    }
  });
}

function isPublic({ routeOptions }: FastifyRequest): boolean {
  return routeOptions.config.access === 'public';
}

function getRequiredScope({ method, routeOptions }: FastifyRequest): Scope {
  const { access } = routeOptions.config;
  if (access && access !== 'public') return access;
  return method === 'GET' || method === 'HEAD' ? 'read' : 'write';
}
