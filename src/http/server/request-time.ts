import type { IncomingMessage } from 'node:http';
import type { FastifyInstance } from 'fastify';
import { isNdjson } from '../ndjson/index.js';

/** Bytes that an upload must send within each REQUEST_TIMEOUT. */
const UPLOAD_MIN_BYTES = 4 * 1024 * 1024;

declare module 'fastify' {
  interface FastifyContextConfig {
    /** The handler reads the body itself, as a stream. Any content type is accepted, and any size. */
    body?: 'stream';
  }
}

/** Error of Node.js for a request that is not received in time. */
const TIMEOUT_CODE = 'ERR_HTTP_REQUEST_TIMEOUT';

/**
 * Limits the time to receive a request, after its headers, which Node.js limits. The limit of Node.js is the same for all
 * routes; here, an upload that has passed all checks of the request may take longer, as long as it proceeds.
 */
export function limitRequestTime(fastify: FastifyInstance, limitMs: number): void {
  const uploads = new WeakSet<IncomingMessage>();
  fastify.server.on('request', (raw: IncomingMessage) => {
    if (hasBody(raw)) watch(fastify, raw, limitMs, () => uploads.has(raw));
  });
  // After all onRequest hooks, which refuse callers without a key.
  fastify.addHook('preParsing', (request, _reply, _payload, done) => {
    if (request.routeOptions.config.body === 'stream' || isNdjson(request)) uploads.add(request.raw);
    done();
  });
}

function watch(fastify: FastifyInstance, raw: IncomingMessage, limitMs: number, isUpload: () => boolean): void {
  const { socket } = raw;
  let received = socket.bytesRead;
  const timer = setInterval(() => {
    if (raw.complete || socket.destroyed) {
      clearInterval(timer);
    } else if (isUpload() && socket.bytesRead - received >= UPLOAD_MIN_BYTES) {
      received = socket.bytesRead;
    } else {
      clearInterval(timer);
      fastify.server.emit('clientError', Object.assign(new Error('Request timeout'), { code: TIMEOUT_CODE }), socket);
    }
  }, limitMs).unref();
  raw.once('close', () => {
    clearInterval(timer);
  });
}

function hasBody({ headers }: IncomingMessage): boolean {
  return headers['transfer-encoding'] !== undefined || (headers['content-length'] ?? '0') !== '0';
}
