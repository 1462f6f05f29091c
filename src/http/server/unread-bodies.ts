import type { FastifyInstance } from 'fastify';

/** Forms of several parts are not files. */
const MULTIPART = /^\s*multipart\//i;
/** Content type of bodies that are passed unread. No route accepts it from a client. */
const UNREAD = 'application/x-unread';

/**
 * Passes the bodies of routes with the configuration `body: 'stream'` to the handler unread, whatever their content type
 * is, except multipart.
 * Fastify selects the parser of a body by its content type alone.
 */
export function passUnread(fastify: FastifyInstance): void {
  fastify.addContentTypeParser(UNREAD, (_request, _payload, done) => {
    done(null);
  });
  fastify.addHook('preParsing', (request, _reply, _payload, done) => {
    const { headers } = request.raw;
    if (request.routeOptions.config.body === 'stream' && !MULTIPART.test(headers['content-type'] ?? '')) {
      headers['content-type'] = UNREAD;
    }
    done();
  });
}
