import type { FastifyRequest } from 'fastify';

/** What a request is for; when there is too much to do, not all kinds are refused alike. */
export type RouteKind = 'operations' | 'read' | 'write';

/** Routes that orchestrators and monitoring ask: who must know how the service is must get an answer. */
const OPERATIONS = /^\/(?:health(?:\/|$)|api\/health$|metrics$)/;

export function getRouteKind({ method, routeOptions: { url = '' } }: FastifyRequest): RouteKind {
  if (OPERATIONS.test(url)) return 'operations';
  return method === 'GET' || method === 'HEAD' ? 'read' : 'write';
}
