import { METHODS as NODE_METHODS } from 'node:http';
import type { FastifyInstance, HTTPMethods } from 'fastify';
import { DomainError } from '../../common/index.js';

/** Methods that routes may have, and all others that Node parses. A CONNECT request has no path. */
const USUAL: readonly HTTPMethods[] = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'];
const UNUSUAL = NODE_METHODS.filter((method) => !USUAL.includes(method) && method !== 'CONNECT');

/**
 * Tracks the routes that are added from now on.
 *
 * @returns adds a route for all other methods to each of their paths, which responds with 405 and an Allow header
 */
export function trackMethods(fastify: FastifyInstance): () => void {
  // Their bodies are not parsed.
  for (const method of UNUSUAL) fastify.addHttpMethod(method, { hasBody: false, overrideExisting: true });
  const methodsByPath = new Map<string, Set<HTTPMethods>>();
  fastify.addHook('onRoute', ({ url, method }) => {
    // The CORS preflight route of all paths.
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
        config: { agents: 'none' },
        handler: (request, reply) => {
          // The routes themselves do not match an empty parameter.
          if (Object.values(request.params as object).includes('')) {
            throw new DomainError('route_not_found', `Cannot ${request.method} ${request.url}`);
          }
          void reply.header('allow', allow);
          throw new DomainError(
            'method_not_allowed',
            `The path does not support ${request.method}. Supported methods: ${allow}.`,
          );
        },
      });
    }
  };
}
