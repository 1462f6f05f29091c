import { type Exchange, routeOf } from '../http/exchanges.js';

/** What orchestrators and Prometheus ask for every few seconds: of interest only when it fails. */
const PROBES = /^\/(health\/|metrics$)/;

export function isProbe(exchange: Exchange): boolean {
  return PROBES.test(routeOf(exchange) ?? '');
}
