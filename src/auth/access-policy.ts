/**
 * Access to the controllers.
 *
 * - `host`: every request is allowed. The application's hooks or the host's guards decide.
 * - `open`: every request is allowed, except writes by pages of other origins.
 * - `keys`: every request requires an API key or a token with the scope of the route.
 */
export type AccessPolicy = 'host' | 'open' | 'keys';

/** Injection token of the AccessPolicy; null if there is none, and no controller. */
export const ACCESS_POLICY = Symbol('access policy');

/** Injection token of the origins whose pages may write under `open`, as serialized by browsers. Default: none. */
export const ALLOWED_ORIGINS = Symbol('allowed origins');
