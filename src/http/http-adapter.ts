import { isUtf8 } from 'node:buffer';
import { Logger } from '@nestjs/common';
import { FastifyAdapter } from '@nestjs/platform-fastify';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { DomainError } from '../common/domain-error.js';
import { sendProblem } from '../common/problem.filter.js';
import { answerClientError } from './client-error.js';

/** Largest body of a request, in bytes. */
export const BODY_LIMIT = 1024 * 1024;
/** Longest path parameter before decoding: an agent type of 50 characters, each four bytes and percent-encoded. */
const PARAMETER_MAX_LENGTH = 50 * 4 * '%00'.length;

/** Fastify, taking JSON and nothing else, and answering problem documents also where no route is reached. */
export function createHttpAdapter(): FastifyAdapter {
  const logger = new Logger('Http');
  const adapter = new FastifyAdapter({
    bodyLimit: BODY_LIMIT,
    routerOptions: { ignoreTrailingSlash: true, maxParamLength: PARAMETER_MAX_LENGTH },
    frameworkErrors: (error: unknown, request: FastifyRequest, reply: FastifyReply) => {
      sendProblem(request, reply, error, logger);
    },
    clientErrorHandler: answerClientError,
  });
  takeJsonOnly(adapter.getInstance());
  return adapter;
}

/** In place of Fastify's own parsers, which take text/plain and replace what isn't UTF-8. */
function takeJsonOnly(fastify: FastifyInstance): void {
  const parse = fastify.getDefaultJsonParser('error', 'error');
  fastify.removeAllContentTypeParsers();
  fastify.addContentTypeParser('application/json', { parseAs: 'buffer' }, (request, body: Buffer, done) => {
    if (body.length === 0) {
      // Clients send this with DELETE. Where a body is needed, validation says that there is none.
      done(null, undefined);
    } else if (isUtf8(body)) {
      void parse(request, body.toString('utf8'), done);
    } else {
      done(new DomainError('malformed_request', 'The body is not UTF-8.'), undefined);
    }
  });
}
