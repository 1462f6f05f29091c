import { type Caller, includesScope, type RouteAccess, type Scope } from '../http/access/index.js';
import type { HttpRequest } from '../http/exchange/index.js';
import { parseCredential } from './credential.js';
import { scopeMissing, unauthenticated } from './errors.js';

const NO_CREDENTIAL =
  'The request requires an API key or a token: send it as "Authorization: Bearer …" or as "X-API-Key: …".';
const INVALID_CREDENTIAL = 'Invalid, expired or revoked API key or token.';

/**
 * Refuses a request whose caller is unknown or does not have the required scope.
 *
 * @param access access of the route; undefined: the default of the method
 * @throws DomainError `unauthenticated`, `scope_missing`
 */
export function assertScope(
  { method, headers }: Pick<HttpRequest, 'method' | 'headers'>,
  caller: Caller | null,
  access: RouteAccess | undefined,
): void {
  if (access === 'public') return;
  if (caller === null) throw unauthenticated(parseCredential(headers) === null ? NO_CREDENTIAL : INVALID_CREDENTIAL);
  const needed = access ?? getDefaultScope(method);
  if (!includesScope(caller.scope, needed)) {
    throw scopeMissing(`The request requires the scope ${needed}; ${caller.name} has ${caller.scope ?? 'none'}.`);
  }
}

function getDefaultScope(method: string): Scope {
  return method === 'GET' || method === 'HEAD' ? 'read' : 'write';
}
