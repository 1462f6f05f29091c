import type { HttpAdapterHost } from '@nestjs/core';
import type { FastifyInstance } from 'fastify';

/** Types that Fastify passes to the handler without reading the body. Express does this by default. */
const TYPES = ['application/x-ndjson', 'application/ndjson'];

/** Makes Fastify pass newline-delimited JSON unread. Other routes refuse it. */
export function passNdjson({ httpAdapter }: Partial<HttpAdapterHost>): void {
  // An application context has no HTTP adapter.
  if (httpAdapter?.getType() !== 'fastify') return;
  const fastify = httpAdapter.getInstance<FastifyInstance>();
  for (const type of TYPES) {
    if (fastify.hasContentTypeParser(type)) continue;
    fastify.addContentTypeParser(type, (_request, _body, done) => {
      done(null);
    });
  }
}
