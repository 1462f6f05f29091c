import type { FastifyInstance } from 'fastify';
import { setFormFile } from '../exchange/index.js';
import { openFormFile } from './read-form-file.js';

const MULTIPART = /^\s*multipart\//i;
const FORM = /^\s*multipart\/form-data\s*(?:;|$)/i;
/** Content type of bodies that are passed unread. No route accepts it from a client. */
const UNREAD = 'application/x-unread';

/**
 * Passes the bodies of routes with the configuration `body: 'stream'` to the handler unread, whatever their content type
 * is. Of a form, the file is passed. Other multipart bodies are refused.
 * Fastify selects the parser of a body by its content type alone.
 */
export function passUnread(fastify: FastifyInstance): void {
  fastify.addContentTypeParser(UNREAD, (_request, _payload, done) => {
    done(null);
  });
  fastify.addHook('preParsing', (request, _reply, _payload, done) => {
    const { headers } = request.raw;
    const type = headers['content-type'] ?? '';
    if (request.routeOptions.config.body === 'stream') {
      if (FORM.test(type)) setFormFile(request.raw, openFormFile(request.raw, type));
      if (FORM.test(type) || !MULTIPART.test(type)) headers['content-type'] = UNREAD;
    }
    done();
  });
}
