import type { FastifyInstance, onRequestHookHandler } from 'fastify';
import { DOCS_PATH } from '../openapi/index.js';

/**
 * Headers of responses of the API. Browsers load and run nothing for them, do not show them in a frame, do not guess their
 * type, do not pass them to pages of other origins without CORS, and do not store them.
 */
export const API_HEADERS = {
  'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
  'x-frame-options': 'DENY',
  'x-content-type-options': 'nosniff',
  'cross-origin-resource-policy': 'same-origin',
  'cache-control': 'no-store',
} as const;

/** Of Swagger UI, which needs its own files, styles in its page, and small pictures in them. */
const DOCS_HEADERS = {
  ...API_HEADERS,
  'content-security-policy': [
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self' 'unsafe-inline'",
    "img-src 'self' data:",
    "connect-src 'self'",
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
  ].join('; '),
  'cross-origin-opener-policy': 'same-origin',
  'referrer-policy': 'no-referrer',
  'cache-control': 'no-cache',
} as const;

/** A year, for this host alone: what else its domain serves is not ours to decide. */
const STRICT_TRANSPORT_SECURITY = 'max-age=31536000';

/** Sends them with every answer. Headers that a route sets itself win. */
export function sendSecurityHeaders(fastify: FastifyInstance, trustsProxies: boolean): void {
  fastify.addHook('onRequest', sending(API_HEADERS));
  fastify.addHook('onRoute', (route) => {
    if (route.url !== `/${DOCS_PATH}` && !route.url.startsWith(`/${DOCS_PATH}/`)) return;
    route.onRequest = [sending(DOCS_HEADERS), ...[route.onRequest ?? []].flat()];
  });
  // The service speaks HTTP, over which it must not be said; a trusted proxy tells that its client came by HTTPS.
  if (trustsProxies) fastify.addHook('onRequest', requireHttps);
}

function sending(headers: Readonly<Record<string, string>>): onRequestHookHandler {
  return (_request, reply, done) => {
    void reply.headers(headers);
    done();
  };
}

const requireHttps: onRequestHookHandler = (request, reply, done) => {
  if (request.protocol === 'https') void reply.header('strict-transport-security', STRICT_TRANSPORT_SECURITY);
  done();
};
