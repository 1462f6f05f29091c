import { isUtf8 } from 'node:buffer';
import type { ServerResponse } from 'node:http';
import { Logger } from '@nestjs/common';
import { FastifyAdapter } from '@nestjs/platform-fastify';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Caller } from '../access/index.js';
import { DomainError, getErrorMessage, parseJson } from '../../common/index.js';
import { sendClientError, PROBLEM_JSON, toProblem, sendProblem } from '../problems/index.js';
import { Exchanges, getRequestId, type RequestRemarks } from '../exchange/index.js';
import type { HttpSettings } from '../../config/index.js';
import { limitPipelining } from './pipelining.js';
import { toCurrentUrl } from './legacy-paths.js';
import { limitRequestSize } from './request-size.js';
import { API_HEADERS, sendSecurityHeaders } from './security-headers.js';

/** Largest body of a request, in bytes. */
export const BODY_LIMIT = 1024 * 1024;
/** How often connections are looked at whose time may be over. */
const CONNECTIONS_CHECK_MS = 1_000;
/** Longest path parameter before decoding: an agent type of 50 characters, each four bytes and percent-encoded. */
const PARAMETER_MAX_LENGTH = 50 * 4 * '%00'.length;

/** What programs on Windows begin a text with; RFC 8259 lets it be ignored. */
const BYTE_ORDER_MARK = /^\uFEFF/;

/** Fastify, taking JSON and nothing else, and answering problem documents also where no route is reached. */
export function createHttpAdapter({
  legacyPaths,
  trustedProxies,
  timeouts,
  maxConnections,
}: HttpSettings): FastifyAdapter {
  const logger = new Logger('Http');
  const adapter = new FastifyAdapter({
    bodyLimit: BODY_LIMIT,
    routerOptions: { ignoreTrailingSlash: true, maxParamLength: PARAMETER_MAX_LENGTH },
    frameworkErrors: (error: unknown, request: FastifyRequest, reply: FastifyReply) => {
      request.server.exchanges.register(request, reply);
      // No hook has run.
      sendProblem(request, reply.headers(API_HEADERS), error, logger);
    },
    clientErrorHandler: sendClientError,
    ...(legacyPaths && { rewriteUrl: toCurrentUrl }),
    genReqId: getRequestId,
    trustProxy: trustedProxies ?? false,
    requestTimeout: timeouts.requestMs,
    keepAliveTimeout: timeouts.keepAliveMs,
    connectionTimeout: timeouts.stallMs,
    http: {
      requireHostHeader: false,
      headersTimeout: timeouts.headersMs,
      connectionsCheckingInterval: CONNECTIONS_CHECK_MS,
    },
  });
  const fastify = adapter.getInstance();
  fastify.server.maxConnections = maxConnections;
  limitPipelining(fastify.server);
  fastify.decorateRequest<Caller | null>('caller', null);
  fastify.decorateRequest<RequestRemarks | null>('remarks', null);
  // Before all other hooks, which may refuse requests.
  fastify.decorate('exchanges', new Exchanges(fastify));
  sendSecurityHeaders(fastify, trustedProxies !== undefined);
  parseJsonOnly(fastify);
  rejectEncodedBodies(fastify);
  rejectInvalidHeaders(fastify);
  limitRequestSize(fastify);
  return adapter;
}

/** In place of Fastify's own parsers, which take text/plain, replace what isn't UTF-8, and don't name what they refuse. */
function parseJsonOnly(fastify: FastifyInstance): void {
  fastify.removeAllContentTypeParsers();
  fastify.addContentTypeParser('application/json', { parseAs: 'buffer' }, (_request, body: Buffer, done) => {
    try {
      // Clients send an empty one with DELETE. Where a body is needed, validation says that there is none.
      done(null, body.length === 0 ? undefined : parseBody(body));
    } catch (error) {
      done(error as Error, undefined);
    }
  });
}

function parseBody(body: Buffer): unknown {
  if (!isUtf8(body)) throw new DomainError('malformed_request', 'The body is not UTF-8.');
  try {
    return parseJson(body.toString('utf8').replace(BYTE_ORDER_MARK, ''));
  } catch (cause) {
    throw new DomainError('malformed_request', `The body is not JSON: ${getErrorMessage(cause)}.`, { cause });
  }
}

/** Bodies are read as they are sent: to decode one might make it any size. */
function rejectEncodedBodies(fastify: FastifyInstance): void {
  fastify.addHook('preParsing', ({ headers }, reply, _payload, done) => {
    const hasBody = (headers['transfer-encoding'] ?? headers['content-length'] ?? '0') !== '0';
    const coding = headers['content-encoding'] ?? 'identity';
    if (!hasBody || /^identity$/i.test(coding)) {
      done();
      return;
    }
    void reply.header('accept-encoding', 'identity');
    done(new DomainError('unsupported_media_type', 'The body must be sent as it is, without a Content-Encoding.'));
  });
}

/** Node would answer these itself, with less than a problem document, or take the first of several. */
function rejectInvalidHeaders(fastify: FastifyInstance): void {
  fastify.addHook('onRequest', (request, _reply, done) => {
    const { httpVersionMinor, headersDistinct } = request.raw;
    const hosts = headersDistinct['host']?.length ?? 0;
    if (hosts > 1) done(new DomainError('malformed_request', 'The request has more than one Host header.'));
    else if (httpVersionMinor > 0 && hosts === 0) {
      done(new DomainError('malformed_request', 'The request has no Host header.'));
    } else done();
  });
  fastify.server.on('checkExpectation', (_request, response: ServerResponse) => {
    const problem = toProblem(
      new DomainError('expectation_failed', 'The only expectation that is met is 100-continue.'),
    );
    response
      .writeHead(problem.status, { 'content-type': PROBLEM_JSON, connection: 'close' })
      .end(JSON.stringify(problem));
  });
}
