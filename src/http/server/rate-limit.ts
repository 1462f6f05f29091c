import { isIP } from 'node:net';
import fastifyRateLimit, { normalizeIP } from '@fastify/rate-limit';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { RateLimit } from '../../config/index.js';
import { getRouteKind } from '../exchange/index.js';
import { rateLimited } from './errors.js';

/** Callers that are counted at a time. The one that was silent for longest is forgotten for a new one. */
const CALLERS_MAX = 20_000;
/** Who has an IPv6 address usually has all of its network. */
const IPV6_NETWORK_BITS = 64;

/** Refuses the request when its caller, as far as it is known, has sent too many. May be asked again when more is known. */
export type LimitRate = (request: FastifyRequest, reply: FastifyReply) => Promise<void>;

/**
 * Makes what counts the requests of each caller, by name or else by address, and refuses those beyond the limit. Answers
 * tell the limit and what is left of it, as the IETF's draft "RateLimit header fields for HTTP" has it. To be called after
 * what sets `request.caller`, and before what refuses those who may not do what they ask for: so wrong keys count too.
 *
 * In memory: each instance counts for itself.
 */
export async function createRateLimit(fastify: FastifyInstance, limit: RateLimit | undefined): Promise<LimitRate> {
  if (limit === undefined) return () => Promise.resolve();
  await fastify.register(fastifyRateLimit, {
    global: false,
    max: limit.requests,
    timeWindow: limit.seconds * 1_000,
    cache: CALLERS_MAX,
    keyGenerator: getCallerKey,
  });
  const count = fastify.createRateLimit();
  const policy = `"default";q=${limit.requests};w=${limit.seconds}`;
  /** As whom each request was counted. */
  const countedAs = new WeakMap<FastifyRequest, string>();
  return async (request, reply) => {
    if (getRouteKind(request) === 'operations' || countedAs.get(request) === getCallerKey(request)) return;
    countedAs.set(request, getCallerKey(request));
    const counted = await count(request);
    if (counted.isAllowed) return;
    void reply.header('ratelimit-policy', policy);
    void reply.header('ratelimit', `"default";r=${counted.remaining};t=${counted.ttlInSeconds}`);
    if (counted.isExceeded) throw rateLimited(limit, counted.ttlInSeconds);
  };
}

function getCallerKey({ caller, ip, socket }: FastifyRequest): string {
  if (caller !== null) return `caller ${caller.name}`;
  // A proxy that is trusted may still pass on what isn't an address.
  const address = isIP(ip) === 0 ? (socket.remoteAddress ?? '') : ip;
  return `address ${normalizeIP(address, IPV6_NETWORK_BITS)}`;
}
