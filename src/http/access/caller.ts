import { AgentAccess } from '../../common/index.js';

/** Scopes. Each includes the previous ones. */
export const SCOPES = ['read', 'write', 'admin'] as const;
/** A scope. */
export type Scope = (typeof SCOPES)[number];

/** Sender of a request, identified by its key or token. */
export interface Caller {
  /** Name of the key, or `jwt:` and the token's subject. Recorded as `actor` of events. */
  name: string;
  /** Null: a token without any of the scopes. */
  scope: Scope | null;
  /** Agents that the caller may read and write. */
  agents: AgentAccess;
}

/** Whether the scope includes the needed one. */
export function includesScope(scope: Scope | null, needed: Scope): boolean {
  return scope !== null && SCOPES.indexOf(scope) >= SCOPES.indexOf(needed);
}

/** Sets the caller of a request. */
export function setCaller(request: object, caller: Caller | null): void {
  (request as { caller?: Caller | null }).caller = caller;
}

/** Caller that a host sets: its name, and optionally the patterns of the agents that it may read and write. */
export interface HostCaller {
  name: string;
  agents?: AgentAccess | readonly string[] | null | undefined;
}

/** Caller of a request, set by this library or by the host as the member `caller`; undefined or null: unknown. */
export function getCaller(request: object): HostCaller | null | undefined {
  return (request as { caller?: HostCaller | null }).caller;
}

/**
 * Agents that the caller of a request may read and write. All, if the caller is unknown or not limited.
 *
 * @throws DomainError `validation_failed` if the host has set invalid patterns
 */
export function getCallerAgents(request: object): AgentAccess {
  const agents = getCaller(request)?.agents ?? null;
  return agents instanceof AgentAccess ? agents : AgentAccess.of(agents);
}
