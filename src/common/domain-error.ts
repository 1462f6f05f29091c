/** What can go wrong, in words that clients may rely on. `error-status.ts` gives each its HTTP status. */
export type ErrorCode =
  | 'agent_not_found'
  | 'validation_failed'
  | 'rule_violated'
  | 'malformed_request'
  | 'route_not_found'
  | 'method_not_allowed'
  | 'payload_too_large'
  | 'unsupported_media_type'
  | 'request_timeout'
  | 'expectation_failed'
  | 'headers_too_large'
  | 'uri_too_long'
  | 'write_conflict'
  | 'overloaded'
  | 'database_unavailable'
  | 'internal_error';

/** A field of the request that can't be taken, and why. Nested fields are written with dots: `updates.guardian.xp`. */
export interface FieldError {
  field: string;
  detail: string;
}

/** An error with a stable code, free of HTTP. What the service throws, for REST clients and other modules alike. */
export class DomainError extends Error {
  override readonly name = 'DomainError';

  constructor(
    readonly code: ErrorCode,
    message: string,
    readonly options: { errors?: readonly FieldError[]; cause?: unknown; retryAfterSeconds?: number } = {},
  ) {
    super(message, { cause: options.cause });
  }
}

/** No such agent, and the command doesn't create it. */
export function agentNotFound(agentType: string): DomainError {
  return new DomainError('agent_not_found', `There is no agent ${JSON.stringify(agentType)}.`);
}

/** The request isn't of the form that the API takes. */
export function validationFailed(errors: readonly FieldError[], cause?: unknown): DomainError {
  return new DomainError('validation_failed', `The request has ${errorCount(errors)} that can't be taken.`, {
    errors,
    cause,
  });
}

/** The request is well formed, but would break a rule of the domain. */
export function ruleViolated(errors: readonly FieldError[]): DomainError {
  const verb = errors.length === 1 ? 'breaks' : 'break';
  return new DomainError(
    'rule_violated',
    `The request has ${errorCount(errors)} that ${verb} a rule. Nothing was changed.`,
    { errors },
  );
}

function errorCount({ length }: readonly FieldError[]): string {
  return length === 1 ? '1 field' : `${length} fields`;
}

const RETRY_AFTER_SECONDS = 2;

/** The database can't be used now. A write that was under way may or may not have been recorded. */
export function databaseUnavailable(cause: unknown): DomainError {
  return new DomainError(
    'database_unavailable',
    "The database can't be reached. Try again later; the service recovers by itself.",
    { cause, retryAfterSeconds: RETRY_AFTER_SECONDS },
  );
}

/** More writes wait than may. Nothing was changed. */
export function overloaded(): DomainError {
  return new DomainError('overloaded', 'Too many writes are waiting. Nothing was changed; try again.', {
    retryAfterSeconds: RETRY_AFTER_SECONDS,
  });
}

/** The transaction lost against others more often than it is tried again. Nothing was changed. */
export function writeConflict(cause: unknown): DomainError {
  return new DomainError(
    'write_conflict',
    'Other writes got in the way again and again. Nothing was changed; try again.',
    {
      cause,
      retryAfterSeconds: RETRY_AFTER_SECONDS,
    },
  );
}
