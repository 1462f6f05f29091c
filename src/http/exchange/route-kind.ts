import type { FastifyRequest } from 'fastify';

/** Kind of a request. Under overload, kinds are refused in different order. */
export type RouteKind = 'operations' | 'read' | 'write';

/** Routes for orchestrators and monitoring, which are never refused. */
const OPERATIONS = /^\/(?:health(?:\/|$)|api\/health$|metrics$)/;

export function getRouteKind({ method, routeOptions: { url = '' } }: FastifyRequest): RouteKind {
  if (OPERATIONS.test(url)) return 'operations';
  return method === 'GET' || method === 'HEAD' ? 'read' : 'write';
}
