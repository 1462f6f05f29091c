import type { FastifyRequest } from 'fastify';

/** Kind of a request. Under overload, kinds are refused in different order. */
export type RouteKind = 'operations' | 'assets' | 'read' | 'write';

/** Files of the dashboard, which browsers keep and do not request again after an error. */
const ASSETS = '/assets/';
/** Routes for orchestrators and monitoring, which are never refused. */
const OPERATIONS = /^\/(?:health(?:\/|$)|api\/health$|metrics$)/;

export function getRouteKind({ method, routeOptions: { url = '' } }: FastifyRequest): RouteKind {
  if (OPERATIONS.test(url)) return 'operations';
  if (url.startsWith(ASSETS)) return 'assets';
  return method === 'GET' || method === 'HEAD' ? 'read' : 'write';
}
