import type { HttpRequest } from '../http/exchange/index.js';

/** Methods that change nothing. */
const SAFE_METHODS: readonly string[] = ['GET', 'HEAD', 'OPTIONS'];
/** Values of Sec-Fetch-Site for requests that no other origin caused. */
const OWN_SITES: readonly unknown[] = [undefined, 'same-origin', 'none'];

/**
 * Whether a page of another origin caused a write. Browsers send `Origin`, or `Sec-Fetch-Site` if they omit `Origin`; other
 * programs send neither.
 *
 * @param allowed origins whose pages may use the API, as serialized by browsers
 */
export function isCrossSiteWrite(
  { method, protocol, host, headers }: Pick<HttpRequest, 'method' | 'protocol' | 'host' | 'headers'>,
  allowed: readonly string[] = [],
): boolean {
  const { origin, 'sec-fetch-site': site } = headers;
  if (SAFE_METHODS.includes(method)) return false;
  if (origin !== undefined && allowed.includes(origin)) return false;
  return !OWN_SITES.includes(site) || (origin !== undefined && origin !== normalizeOrigin(`${protocol}://${host}`));
}

/** Serializes the origin as browsers do: in lower case, without a default port. */
function normalizeOrigin(url: string): string | null {
  return URL.canParse(url) ? new URL(url).origin : null;
}
