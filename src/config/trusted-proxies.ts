import { isIP } from 'node:net';

/** Names of ranges that Fastify knows: 127.0.0.0/8 and so on. */
const NAMES = ['loopback', 'linklocal', 'uniquelocal'];
const BITS: Readonly<Record<number, number>> = { 4: 32, 6: 128 };

/**
 * Reads which proxies are trusted, by address, range or name of ranges: `10.0.0.0/8,127.0.0.1`.
 *
 * @throws Error whose message says what can't be used
 */
export function parseTrustedProxies(text: string): string[] {
  return text.split(',').map((item) => parseProxy(item.trim()));
}

function parseProxy(text: string): string {
  if (NAMES.includes(text) || isRange(text)) return text;
  // A number of proxies says nothing about who sends: whoever reaches the service directly could claim any address.
  throw new Error(
    `${JSON.stringify(text)} is neither an address such as 10.0.0.7, nor a range such as 10.0.0.0/8, nor one of ${NAMES.join(', ')}`,
  );
}

function isRange(text: string): boolean {
  const [address = '', length, ...rest] = text.split('/');
  const bits = BITS[isIP(address)];
  if (bits === undefined || rest.length > 0) return false;
  return length === undefined || (/^\d{1,3}$/.test(length) && Number(length) >= 1 && Number(length) <= bits);
}
