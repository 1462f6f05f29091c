/** Scopes. Each includes the previous ones. */
export const SCOPES = ['read', 'write', 'admin'] as const;
export type Scope = (typeof SCOPES)[number];

/** Sender of a request, identified by its key or token. */
export interface Caller {
  /** Name of the key, or `jwt:` and the token's subject. Recorded as `actor` of events. */
  name: string;
  /** Null: a token without any of the scopes. */
  scope: Scope | null;
}

/** Whether the scope includes the needed one. */
export function includesScope(scope: Scope | null, needed: Scope): boolean {
  return scope !== null && SCOPES.indexOf(scope) >= SCOPES.indexOf(needed);
}

declare module 'fastify' {
  interface FastifyRequest {
    /** Null: no valid key or token. */
    caller: Caller | null;
  }
  interface FastifyContextConfig {
    /** Required scope, or public. Default: `read` for GET and HEAD, `write` otherwise. */
    access?: Scope | 'public';
  }
}
