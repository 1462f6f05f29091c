import type { FastifyRequest } from 'fastify';

/** Methods that change nothing; a page may send them anyway. */
const SAFE_METHODS: readonly string[] = ['GET', 'HEAD', 'OPTIONS'];
/** What browsers say of a request that no page of another origin caused. */
const OWN_SITES: readonly unknown[] = [undefined, 'same-origin', 'none'];

/**
 * Whether a page of another origin than the service's makes a browser change something. A browser tells by `Origin`, or
 * by `Sec-Fetch-Site` where it leaves `Origin` out; programs that aren't browsers send neither.
 *
 * @param allowed origins whose pages may use the API, as browsers write them
 */
export function isCrossSiteWrite(
  { method, protocol, host, headers }: Pick<FastifyRequest, 'method' | 'protocol' | 'host' | 'headers'>,
  allowed: readonly string[] = [],
): boolean {
  const { origin, 'sec-fetch-site': site } = headers;
  if (SAFE_METHODS.includes(method)) return false;
  if (origin !== undefined && allowed.includes(origin)) return false;
  return !OWN_SITES.includes(site) || (origin !== undefined && origin !== normalizeOrigin(`${protocol}://${host}`));
}

/** As browsers write it: in small letters, without a default port. */
function normalizeOrigin(url: string): string | null {
  return URL.canParse(url) ? new URL(url).origin : null;
}
