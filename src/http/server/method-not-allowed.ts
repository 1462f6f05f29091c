import { METHODS as METHODS_OF_HTTP } from 'node:http';
import type { FastifyInstance, HTTPMethods } from 'fastify';
import { DomainError } from '../../common/index.js';

/** Those that routes have, and those that no route has, whatever else Node reads; a CONNECT has no path. */
const USUAL: readonly HTTPMethods[] = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'];
const UNUSUAL = METHODS_OF_HTTP.filter((method) => !USUAL.includes(method) && method !== 'CONNECT');

/**
 * Remembers the routes that are added from now on. The function returned adds to each of their paths a route for all
 * other methods, which answers 405 and says in Allow which methods there are.
 */
export function trackMethods(fastify: FastifyInstance): () => void {
  // Without a body, which is nothing to look at.
  for (const method of UNUSUAL) fastify.addHttpMethod(method, { hasBody: false, overrideExisting: true });
  const methodsByPath = new Map<string, Set<HTTPMethods>>();
  fastify.addHook('onRoute', ({ url, method }) => {
    // Of CORS, for the preflights of all paths.
    if (url === '*') return;
    // The router ignores trailing slashes.
    const path = url.replace(/(?<=.)\/$/, '');
    const methods = methodsByPath.get(path) ?? new Set<HTTPMethods>();
    methodsByPath.set(path, methods);
    for (const name of [method].flat()) methods.add(name);
  });
  return () => {
    for (const [url, methods] of [...methodsByPath]) {
      const others = [...USUAL, ...UNUSUAL].filter((method) => !methods.has(method));
      if (others.length === 0) continue;
      const allow = [...methods].join(', ');
      fastify.route({
        url,
        method: others,
        handler: (request, reply) => {
          // The routes themselves don't take an empty parameter.
          if (Object.values(request.params as object).includes('')) {
            throw new DomainError('route_not_found', `Cannot ${request.method} ${request.url}`);
          }
          void reply.header('allow', allow);
          throw new DomainError(
            'method_not_allowed',
            `${request.method} is not a method of this path; it has ${allow}.`,
          );
        },
      });
    }
  };
}
