/** What a caller may do; each includes those before it. */
export const SCOPES = ['read', 'write', 'admin'] as const;
export type Scope = (typeof SCOPES)[number];

/** Who sends a request, as its key or token says. */
export interface Caller {
  /** Name of the key, or subject of the token: the `actor` of the events that it writes. */
  name: string;
  /** Null: a token that gives none of the scopes. */
  scope: Scope | null;
}

/** Whether a scope includes another. */
export function includesScope(scope: Scope | null, needed: Scope): boolean {
  return scope !== null && SCOPES.indexOf(scope) >= SCOPES.indexOf(needed);
}

declare module 'fastify' {
  interface FastifyRequest {
    /** Null: the request came without a key or token that is known. */
    caller: Caller | null;
  }
  interface FastifyContextConfig {
    /** Smallest scope that the route needs, or that it needs none. Left out: `read` for GET and HEAD, `write` otherwise. */
    access?: Scope | 'public';
  }
}
