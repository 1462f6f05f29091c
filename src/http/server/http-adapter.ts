import { isUtf8 } from 'node:buffer';
import type { ServerResponse } from 'node:http';
import { Logger } from '@nestjs/common';
import { FastifyAdapter } from '@nestjs/platform-fastify';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Caller, RouteAccess, RouteAgents } from '../access/index.js';
import { DomainError, getErrorMessage, parseJson } from '../../common/index.js';
import { sendClientError, PROBLEM_JSON, toProblem, sendProblem } from '../problems/index.js';
import { Exchanges, getRequestId } from '../exchange/index.js';
import type { HttpSettings } from '../../config/index.js';
import { limitPipelining } from './pipelining.js';
import { toCurrentUrl } from './legacy-paths.js';
import { limitRequestSize } from './request-size.js';
import { limitRequestTime } from './request-time.js';
import { passUnread } from './unread-bodies.js';
import { API_HEADERS, sendSecurityHeaders } from './security-headers.js';

declare module 'fastify' {
  interface FastifyRequest {
    /** Null: no valid key or token. */
    caller: Caller | null;
  }
  interface FastifyContextConfig {
    /** Default: `read` for GET and HEAD, `write` otherwise. */
    access?: RouteAccess;
    /** Default: the agents in the path. */
    agents?: RouteAgents;
  }
}

/** Maximum size of a request body, in bytes. */
export const BODY_LIMIT = 1024 * 1024;
/** Interval of the check for timed-out connections. */
const CONNECTIONS_CHECK_MS = 1_000;
/** Maximum length of an encoded path parameter: an agent type of 50 characters of four bytes each, percent-encoded. */
const PARAMETER_MAX_LENGTH = 50 * 4 * '%00'.length;

/** Windows programs may prepend it; RFC 8259 allows ignoring it. */
const BYTE_ORDER_MARK = /^\uFEFF/;

/** Creates the Fastify adapter. It accepts JSON only, and sends problem documents also if no route is reached. */
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
      // No hook has run, so that the headers are set here.
      sendProblem(request, reply.headers(API_HEADERS), error, logger);
    },
    clientErrorHandler: sendClientError,
    ...(legacyPaths && { rewriteUrl: toCurrentUrl }),
    genReqId: getRequestId,
    trustProxy: trustedProxies ?? false,
    // limitRequestTime replaces it.
    requestTimeout: 0,
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
  // Registered before all other hooks, which may refuse requests.
  fastify.decorate('exchanges', new Exchanges(fastify));
  sendSecurityHeaders(fastify, trustedProxies !== undefined);
  parseJsonOnly(fastify);
  passUnread(fastify);
  limitRequestTime(fastify, timeouts.requestMs);
  rejectEncodedBodies(fastify);
  rejectInvalidHeaders(fastify);
  limitRequestSize(fastify);
  return adapter;
}

/**
 * Replaces Fastify's parsers, which accept text/plain, replace invalid UTF-8, and do not describe the syntax error.
 */
function parseJsonOnly(fastify: FastifyInstance): void {
  fastify.removeAllContentTypeParsers();
  fastify.addContentTypeParser('application/json', { parseAs: 'buffer' }, (_request, body: Buffer, done) => {
    try {
      // Clients send an empty body with DELETE. Validation reports it where a body is required.
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
    throw new DomainError('malformed_request', `The body is not valid JSON: ${getErrorMessage(cause)}.`, { cause });
  }
}

/** Compressed bodies are not decoded, because the decoded size is unbounded. */
function rejectEncodedBodies(fastify: FastifyInstance): void {
  fastify.addHook('preParsing', ({ headers }, reply, _payload, done) => {
    const hasBody = (headers['transfer-encoding'] ?? headers['content-length'] ?? '0') !== '0';
    const coding = headers['content-encoding'] ?? 'identity';
    if (!hasBody || /^identity$/i.test(coding)) {
      done();
      return;
    }
    void reply.header('accept-encoding', 'identity');
    done(new DomainError('unsupported_media_type', 'The body must not have a Content-Encoding.'));
  });
}

/** Sends problem documents where Node would send a plain response or use the first of several headers. */
function rejectInvalidHeaders(fastify: FastifyInstance): void {
  fastify.addHook('onRequest', (request, _reply, done) => {
    const { httpVersionMinor, rawHeaders } = request.raw;
    const hosts = rawHeaders.filter((name, index) => index % 2 === 0 && /^host$/i.test(name)).length;
    if (hosts > 1) done(new DomainError('malformed_request', 'The request has more than one Host header.'));
    else if (httpVersionMinor > 0 && hosts === 0) {
      done(new DomainError('malformed_request', 'The request has no Host header.'));
    } else done();
  });
  fastify.server.on('checkExpectation', (_request, response: ServerResponse) => {
    const problem = toProblem(new DomainError('expectation_failed', 'The only supported expectation is 100-continue.'));
    response
      .writeHead(problem.status, { 'content-type': PROBLEM_JSON, connection: 'close' })
      .end(JSON.stringify(problem));
  });
}
