import { isIP } from 'node:net';
import fastifyRateLimit, { type FastifyRateLimitStore, normalizeIP } from '@fastify/rate-limit';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { RateLimit } from '../../config/index.js';
import { getRouteKind } from '../exchange/index.js';
import { rateLimited } from './errors.js';

declare module 'fastify' {
  interface FastifyRequest {
    /** The caller for which the request was counted; null: it was not counted. */
    countedAs: string | null;
  }
}

/** Maximum number of counted callers. A new caller replaces the least recently seen one. */
const CALLERS_MAX = 20_000;
/** A host usually controls its whole IPv6 network. */
const IPV6_NETWORK_BITS = 64;

/** Refuses a request whose caller exceeds the limit. May be called again when the caller has been identified. */
export type LimitRate = (request: FastifyRequest, reply: FastifyReply) => Promise<void>;

/** Counts a request of the caller outside of this process. Returns its requests in the time window, and the rest of that (ms). */
export type CountRequest = (caller: string) => Promise<{ current: number; ttl: number }>;

/**
 * Creates the rate limit. It counts the requests of each caller, by name or else by address. Responses report the limit and
 * the remaining requests as in the IETF draft "RateLimit header fields for HTTP". Register it after `identifyCallers` and
 * before `requireScopes`, so that requests with invalid keys count too.
 *
 * Counts are kept in memory: each instance counts separately, in this process unless `countRequest` is given.
 */
export async function createRateLimit(
  fastify: FastifyInstance,
  limit: RateLimit | undefined,
  countRequest?: CountRequest,
): Promise<LimitRate> {
  if (limit === undefined) return () => Promise.resolve();
  await fastify.register(fastifyRateLimit, {
    global: false,
    max: limit.requests,
    timeWindow: limit.seconds * 1_000,
    cache: CALLERS_MAX,
    keyGenerator: getCallerKey,
    // A request that cannot be counted is allowed.
    ...(countRequest && { store: createStore(countRequest), skipOnError: true }),
  });
  const count = fastify.createRateLimit();
  const policy = `"default";q=${limit.requests};w=${limit.seconds}`;
  fastify.decorateRequest<string | null>('countedAs', null);
  return async (request, reply) => {
    if (getRouteKind(request) === 'operations' || request.countedAs === getCallerKey(request)) return;
    request.countedAs = getCallerKey(request);
    const counted = await count(request);
    if (counted.isAllowed) return;
    void reply.header('ratelimit-policy', policy);
    void reply.header('ratelimit', `"default";r=${counted.remaining};t=${counted.ttlInSeconds}`);
    if (counted.isExceeded) throw rateLimited(limit, counted.ttlInSeconds);
  };
}

function createStore(countRequest: CountRequest) {
  return class implements FastifyRateLimitStore {
    incr(caller: string, done: (error: Error | null, count?: { current: number; ttl: number }) => void): void {
      countRequest(caller).then(
        (count) => {
          done(null, count);
        },
        (error: unknown) => {
          done(error as Error);
        },
      );
    }

    child(): this {
      return this;
    }
  };
}

function getCallerKey({ caller, ip, socket }: FastifyRequest): string {
  if (caller !== null) return `caller ${caller.name}`;
  // A trusted proxy may still forward an invalid address.
  const address = isIP(ip) === 0 ? (socket.remoteAddress ?? '') : ip;
  return `address ${normalizeIP(address, IPV6_NETWORK_BITS)}`;
}
