import type { IncomingMessage, ServerResponse } from 'node:http';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { REQUEST_ID_HEADER } from './request-id.js';

/** A request and its answer. */
export interface Exchange {
  /** `performance.now()` when its head had arrived. */
  readonly startedAt: number;
  readonly raw: IncomingMessage;
  readonly response: ServerResponse;
  /** Null: it was answered before Fastify took it. */
  request: FastifyRequest | null;
}

declare module 'fastify' {
  interface FastifyInstance {
    exchanges: Exchanges;
  }
}

/**
 * All requests of a server, from the arrival of the head until the answer is out or the client gone. Fastify's own hooks
 * miss those that reach no route, and those whose clients leave.
 */
export class Exchanges {
  private readonly byRaw = new WeakMap<IncomingMessage, Exchange>();
  private readonly listeners: ((exchange: Exchange) => void)[] = [];

  constructor(fastify: FastifyInstance) {
    fastify.server.prependListener('request', (raw: IncomingMessage, response: ServerResponse) => {
      const exchange: Exchange = { startedAt: performance.now(), raw, response, request: null };
      this.byRaw.set(raw, exchange);
      response.once('close', () => {
        for (const listener of this.listeners) listener(exchange);
      });
    });
    fastify.addHook('onRequest', (request, reply, done) => {
      this.register(request, reply);
      done();
    });
  }

  /** To be called with every request that Fastify makes, before anything can refuse it. Its answer gets its id. */
  register(request: FastifyRequest, reply: FastifyReply): void {
    const exchange = this.byRaw.get(request.raw);
    if (exchange) exchange.request = request;
    void reply.header(REQUEST_ID_HEADER, request.id);
  }

  find({ raw }: FastifyRequest): Exchange | undefined {
    return this.byRaw.get(raw);
  }

  /** Listens to the end of each. A listener must not throw. */
  onEnd(listener: (exchange: Exchange) => void): void {
    this.listeners.push(listener);
  }
}

/** The template of the exchange's route, of which there are few; null: none of the service's. */
export function getRoute({ request }: Exchange): string | null {
  return request === null || request.is404 ? null : (request.routeOptions.url ?? null);
}

/** The answer's status; null: the client was gone before it was out. */
export function getStatus({ response }: Exchange): number | null {
  return response.writableFinished ? response.statusCode : null;
}
