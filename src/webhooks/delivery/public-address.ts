import { lookup as resolve, type LookupAddress } from 'node:dns';
import type { LookupFunction } from 'node:net';
import ipaddr from 'ipaddr.js';

/** An address at which nothing may be delivered. */
export class PrivateAddressError extends Error {
  override readonly name = 'PrivateAddressError';
  constructor(host: string) {
    super(`${host} is not at a public address`);
  }
}

/**
 * Whether the address is a public unicast address: neither private, loopback, link-local, reserved or multicast, nor a form
 * of IPv6 that contains an IPv4 address of another network.
 */
export function isPublicAddress(address: string): boolean {
  if (!ipaddr.isValid(address)) return false;
  const parsed = ipaddr.process(address);
  return parsed.range() === 'unicast' && (parsed instanceof ipaddr.IPv4 || parsed.match(GLOBAL_UNICAST));
}

/** The IPv6 addresses that IANA assigns. Others, such as those of the form `::a.b.c.d`, are reserved. */
const GLOBAL_UNICAST = ipaddr.IPv6.parseCIDR('2000::/3');

/**
 * Resolves a name to its public addresses only. A connection uses the addresses that this function returns, so that a name
 * cannot have another address when it is used.
 */
export const lookupPublic: LookupFunction = (hostname, options, callback) => {
  resolve(hostname, { ...options, all: true }, (error, addresses: LookupAddress[]) => {
    if (error) {
      callback(error, '');
      return;
    }
    const [first, ...others] = addresses.filter(({ address }) => isPublicAddress(address));
    if (!first) callback(new PrivateAddressError(hostname), '');
    else if (options.all) callback(null, [first, ...others]);
    else callback(null, first.address, first.family);
  });
};
