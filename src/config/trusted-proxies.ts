import { isIP } from 'node:net';

/** Named ranges of Fastify. */
const NAMES = ['loopback', 'linklocal', 'uniquelocal'];
const BITS: Readonly<Record<number, number>> = { 4: 32, 6: 128 };

/**
 * Parses trusted proxies, as addresses, ranges or named ranges: `10.0.0.0/8,127.0.0.1`.
 *
 * @throws Error that names the invalid item
 */
export function parseTrustedProxies(text: string): string[] {
  return text.split(',').map((item) => parseProxy(item.trim()));
}

function parseProxy(text: string): string {
  if (NAMES.includes(text) || isRange(text)) return text;
  // A number of hops is not accepted: a direct client could then claim any address.
  throw new Error(
    `${JSON.stringify(text)} is not an address such as 10.0.0.7, a range such as 10.0.0.0/8, or one of ${NAMES.join(', ')}`,
  );
}

function isRange(text: string): boolean {
  const [address = '', length, ...rest] = text.split('/');
  const bits = BITS[isIP(address)];
  if (bits === undefined || rest.length > 0) return false;
  return length === undefined || (/^\d{1,3}$/.test(length) && Number(length) >= 1 && Number(length) <= bits);
}
