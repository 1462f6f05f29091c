import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import type { FastifyRequest } from 'fastify';

const METHODS = ['GET', 'HEAD', 'POST', 'PUT', 'DELETE'];
const REQUEST_HEADERS = [
  'Authorization',
  'Content-Type',
  'Idempotency-Key',
  'If-Match',
  'If-None-Match',
  'Last-Event-ID',
  'X-API-Key',
  'X-Request-Id',
];
/** Response headers that pages may read, besides those that CORS always allows. */
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
/** Time for which a browser may cache a preflight response. */
const PREFLIGHT_SECONDS = 600;

/**
 * Allows pages of these origins to call the API from a browser. Pages send keys in headers, so that browser credentials are
 * not needed.
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
  // Any other OPTIONS request is an unsupported method, as without CORS.
  app.enableCors({
    delegator: (request, done) => {
      done(null, { ...options, preflight: isPreflight(request) });
    },
  });
}

function isPreflight({ headers }: FastifyRequest): boolean {
  return headers.origin !== undefined && headers['access-control-request-method'] !== undefined;
}
