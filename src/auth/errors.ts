import { DomainError, RETRY_AFTER_SECONDS } from '../common/index.js';

/** Missing, invalid, expired or revoked API key or token. */
export function unauthenticated(detail: string): DomainError {
  return new DomainError('unauthenticated', detail);
}

/** The caller's scope does not allow the request. */
export function scopeMissing(detail: string): DomainError {
  return new DomainError('scope_missing', detail);
}

/**
 * A browser sent a write on behalf of a page of another origin, and no key is required. Nothing was changed.
 *
 * @param remedy how to allow it
 */
export function crossSiteRequest(remedy: string): DomainError {
  return new DomainError(
    'cross_site_request',
    `The request comes from a page of another origin (Origin, Sec-Fetch-Site). Nothing was changed. ${remedy}`,
  );
}

/** The issuer's keys are unavailable, so that no token can be verified. */
export function issuerUnavailable(cause: unknown): DomainError {
  return new DomainError(
    'issuer_unavailable',
    'The token issuer is unavailable, so that the token cannot be verified. Nothing was changed; try again.',
    { cause, retryAfterSeconds: RETRY_AFTER_SECONDS },
  );
}
