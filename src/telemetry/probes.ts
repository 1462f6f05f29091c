import { type Exchange, getRouteKind } from '../http/exchange/index.js';

/** Whether the request is a periodic probe of an orchestrator or Prometheus. Only failures are of interest. */
export function isProbe({ request }: Exchange): boolean {
  return request !== null && getRouteKind(request) === 'operations';
}
