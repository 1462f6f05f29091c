import type { Exchange } from '../http/exchanges.js';
import { routeKindOf } from '../http/route-kind.js';

/** What orchestrators and Prometheus ask for every few seconds: of interest only when it fails. */
export function isProbe({ request }: Exchange): boolean {
  return request !== null && routeKindOf(request) === 'operations';
}
