import { type Exchange, getRouteKind } from '../http/exchange/index.js';

/** What orchestrators and Prometheus ask for every few seconds: of interest only when it fails. */
export function isProbe({ request }: Exchange): boolean {
  return request !== null && getRouteKind(request) === 'operations';
}
