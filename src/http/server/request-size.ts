import type { FastifyInstance } from 'fastify';
import { DomainError } from '../../common/index.js';

/** Longest target of a request (path and query), in characters; RFC 9110 asks for 8,000 at least. */
const URL_MAX_LENGTH = 8_000;
/** Most headers of a request. A browser behind three proxies sends some thirty. All together Node takes 16 KiB. */
const HEADERS_MAX = 100;

/** Refuses what is longer than any use that the API has for it. Bodies have Fastify's own limit. */
export function limitRequestSize(fastify: FastifyInstance): void {
  fastify.addHook('onRequest', ({ originalUrl, raw: { rawHeaders } }, _reply, done) => {
    if (originalUrl.length > URL_MAX_LENGTH) {
      done(new DomainError('uri_too_long', `The URL has more than ${URL_MAX_LENGTH} characters.`));
    } else if (rawHeaders.length > 2 * HEADERS_MAX) {
      done(new DomainError('headers_too_large', `The request has more than ${HEADERS_MAX} headers.`));
    } else {
      done();
    }
  });
}
