import type { FastifyInstance } from 'fastify';
import { DomainError } from '../../common/index.js';

/** Maximum length of the path and query, in characters. RFC 9110 requires at least 8,000. */
const URL_MAX_LENGTH = 8_000;
/** Maximum number of headers. A browser behind three proxies sends about 30. Node limits their total size to 16 KiB. */
const HEADERS_MAX = 100;

/** Refuses requests with a long URL or many headers. Fastify limits the body. */
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
