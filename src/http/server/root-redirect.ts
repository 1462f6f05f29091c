import type { FastifyInstance } from 'fastify';
import { DOCS_PATH } from '../openapi/index.js';

/**
 * Redirects browsers (`Accept` contains text/html) from `/` to Swagger UI, without a key. It is a hook instead of a route, so
 * that other requests for `/` are handled as requests for any unknown path. Register it before the access control.
 */
export function redirectRoot(fastify: FastifyInstance): void {
  fastify.addHook('onRequest', async ({ method, originalUrl, headers }, reply) => {
    const isRead = method === 'GET' || method === 'HEAD';
    if (!isRead || originalUrl.split('?', 1)[0] !== '/' || !headers.accept?.includes('text/html')) return;
    return reply.header('vary', 'Accept').redirect(`/${DOCS_PATH}`, 302);
  });
}
