import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import type { FastifyRequest } from 'fastify';

const METHODS = ['GET', 'HEAD', 'POST', 'PUT', 'DELETE'];
const REQUEST_HEADERS = [
  'Authorization',
  'Content-Type',
  'Idempotency-Key',
  'If-Match',
  'If-None-Match',
  'X-API-Key',
  'X-Request-Id',
];
/** What pages may read of an answer beside its Content-Type and the like. */
const RESPONSE_HEADERS = [
  'Allow',
  'Content-Disposition',
  'Deprecation',
  'ETag',
  'Idempotency-Replayed',
  'Link',
  'RateLimit',
  'RateLimit-Policy',
  'Retry-After',
  'WWW-Authenticate',
  'X-Request-Id',
];
/** How long a browser may remember the answer to a preflight. Chromium takes no more than two hours. */
const PREFLIGHT_SECONDS = 600;

/**
 * Lets pages of these origins use the API in a browser. Keys are sent in headers that pages set themselves, so there are
 * no credentials of the browser's to allow.
 */
export function allowOrigins(app: NestFastifyApplication, origins: string[] | undefined): void {
  if (origins === undefined) return;
  const options = {
    origin: origins,
    methods: METHODS,
    allowedHeaders: REQUEST_HEADERS,
    exposedHeaders: RESPONSE_HEADERS,
    maxAge: PREFLIGHT_SECONDS,
  };
  // Any other OPTIONS is a method that a path doesn't have, as without CORS.
  app.enableCors({
    delegator: (request, done) => {
      done(null, { ...options, preflight: isPreflight(request) });
    },
  });
}

function isPreflight({ headers }: FastifyRequest): boolean {
  return headers.origin !== undefined && headers['access-control-request-method'] !== undefined;
}
