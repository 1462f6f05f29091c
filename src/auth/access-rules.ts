import { type AgentAccess, agentForbidden } from '../common/index.js';
import { type Caller, includesScope, type RouteAccess, type RouteAgents, type Scope } from '../http/access/index.js';
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

/** Names of path parameters with an agent type. */
const AGENT_PARAMETERS = ['agent_type', 'ai_type'];

const ALL_AGENTS_ROUTE =
  'The key or token is limited to some agents. This path concerns all agents, and cannot be limited to them.';

/**
 * Refuses a request for an agent that the caller may not access, before any lookup. Also refuses a limited caller on a route
 * that neither names an agent in its path nor is declared by `@ConcernsAgents`, so that a new route is closed by default.
 *
 * @param params decoded path parameters, as the handler receives them
 * @param agents declaration of the route
 * @throws DomainError `agent_forbidden`
 */
export function assertAgents(access: AgentAccess, params: unknown, agents: RouteAgents | undefined): void {
  if (!access.isLimited) return;
  const named = Object.entries((params ?? {}) as Record<string, string>).filter(([name]) =>
    AGENT_PARAMETERS.includes(name),
  );
  for (const [, agentType] of named) access.assertMayAccess(agentType);
  if (named.length === 0 && agents === undefined) throw agentForbidden(ALL_AGENTS_ROUTE);
}

function getDefaultScope(method: string): Scope {
  return method === 'GET' || method === 'HEAD' ? 'read' : 'write';
}
