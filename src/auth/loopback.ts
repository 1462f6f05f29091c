import { isIP } from 'node:net';

/** Whether the address is reachable from this machine only. */
export function isLoopback(address: string): boolean {
  return address === 'localhost' || address === '::1' || (isIP(address) === 4 && address.startsWith('127.'));
}

/**
 * Whether a Host header names the loopback interface. It does not in requests of a page after DNS rebinding, or of a proxy
 * that forwards external requests. Without a header (HTTP/1.0), true: browsers do not use HTTP/1.0.
 */
export function isLoopbackHost(host: string | undefined): boolean {
  if (host === undefined) return true;
  return isLoopback(
    host
      .replace(/:\d*$/, '')
      .replace(/^\[(.*)\]$/, '$1')
      .toLowerCase(),
  );
}
