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
}

/** Whether the scope includes the needed one. */
export function includesScope(scope: Scope | null, needed: Scope): boolean {
  return scope !== null && SCOPES.indexOf(scope) >= SCOPES.indexOf(needed);
}

/** Sets the caller of a request. */
export function setCaller(request: object, caller: Caller | null): void {
  (request as { caller?: Caller | null }).caller = caller;
}

/** Caller of a request, set by this library or by the host as the member `caller`; undefined or null: unknown. */
export function getCaller(request: object): Pick<Caller, 'name'> | null | undefined {
  return (request as { caller?: Caller | null }).caller;
}
