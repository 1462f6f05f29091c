import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { includesScope, type Scope } from '../http/access/index.js';
import type { Callers } from './callers.js';
import { parseCredential } from './credential.js';
import { isCrossSiteWrite } from './cross-site.js';
import { crossSiteRequest, scopeMissing, unauthenticated } from './errors.js';

const NO_CREDENTIAL = 'This needs an API key or a token: send it as "Authorization: Bearer …" or as "X-API-Key: …".';
const INVALID_CREDENTIAL = "The API key or token isn't known, or not good any more.";

declare module 'fastify' {
  interface FastifyRequest {
    /** Why it couldn't be told who sends the request. */
    identityFailure: Error | null;
  }
}

/**
 * Finds out who sends a request, and sets its `caller`. Refuses nobody: what limits how much a caller may ask comes next,
 * and limits also those who try keys, and those of whom nothing can be told now. These are refused by `demandScopes`.
 *
 * @param limit what limits callers: those who would have to wait for somebody else are counted first
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
 * Refuses whoever may not do what is asked, before anything of the body is read. Paths that don't exist need a key too.
 * Where none is needed, pages of other origins may still not write: a browser would let them.
 *
 * @param corsOrigins other origins whose pages may
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
      const has = caller.scope ?? 'none';
      throw scopeMissing(`This needs the scope ${needed}, and ${caller.name} has ${has}.`);
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
