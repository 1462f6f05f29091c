import { isIP } from 'node:net';

/** Whether only this machine reaches what listens on this address. */
export function isLoopback(address: string): boolean {
  return address === 'localhost' || address === '::1' || (isIP(address) === 4 && address.startsWith('127.'));
}

/**
 * Whether a Host header names this machine as itself. A web page whose name was pointed at 127.0.0.1 (DNS rebinding), or a
 * proxy that passes on what the world sends, names another. No header: HTTP/1.0, which no browser speaks.
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
