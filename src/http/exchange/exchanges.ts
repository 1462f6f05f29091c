import type { IncomingMessage, ServerResponse } from 'node:http';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { REQUEST_ID_HEADER } from './request-id.js';

/** A request and its response. */
export interface Exchange {
  /** `performance.now()` when the headers arrived. */
  readonly startedAt: number;
  readonly raw: IncomingMessage;
  readonly response: ServerResponse;
  /** Null: the response was sent before Fastify received the request. */
  request: FastifyRequest | null;
}

declare module 'fastify' {
  interface FastifyInstance {
    exchanges: Exchanges;
  }
}

/** Property instead of a WeakMap, whose entries would take the garbage collector a tenth of the time of a write. */
const EXCHANGE = Symbol('exchange');
type ReceivedMessage = IncomingMessage & { [EXCHANGE]?: Exchange };

/**
 * All exchanges of a server, from the arrival of the headers until the response is sent or the client has disconnected.
 * Fastify's hooks miss requests that reach no route and clients that disconnect.
 */
export class Exchanges {
  private readonly listeners: ((exchange: Exchange) => void)[] = [];

  constructor(fastify: FastifyInstance) {
    fastify.server.prependListener('request', (raw: ReceivedMessage, response: ServerResponse) => {
      const exchange: Exchange = { startedAt: performance.now(), raw, response, request: null };
      raw[EXCHANGE] = exchange;
      response.once('close', () => {
        for (const listener of this.listeners) listener(exchange);
      });
    });
    fastify.addHook('onRequest', (request, reply, done) => {
      this.register(request, reply);
      done();
    });
  }

  /** Registers a request before any hook can refuse it, and sets the request id header of its response. */
  register(request: FastifyRequest, reply: FastifyReply): void {
    const exchange = this.find(request);
    if (exchange) exchange.request = request;
    void reply.header(REQUEST_ID_HEADER, request.id);
  }

  find({ raw }: FastifyRequest): Exchange | undefined {
    return (raw as ReceivedMessage)[EXCHANGE];
  }

  /** Adds a listener for the end of exchanges. It must not throw. */
  onEnd(listener: (exchange: Exchange) => void): void {
    this.listeners.push(listener);
  }
}

/** Path template of the route; null if no route matched. */
export function getRoute({ request }: Exchange): string | null {
  return request === null || request.is404 ? null : (request.routeOptions.url ?? null);
}

/** Status of the response; null if the client disconnected before it was sent. */
export function getStatus({ response }: Exchange): number | null {
  return response.writableFinished ? response.statusCode : null;
}
