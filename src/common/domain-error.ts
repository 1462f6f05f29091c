/** What can go wrong, in words that clients may rely on. `error-status.ts` gives each its HTTP status. */
export type ErrorCode =
  | 'agent_not_found'
  | 'unauthenticated'
  | 'scope_missing'
  | 'cross_site_request'
  | 'custody_requirements_unmet'
  | 'validation_failed'
  | 'rule_violated'
  | 'precondition_failed'
  | 'idempotency_key_reused'
  | 'malformed_request'
  | 'route_not_found'
  | 'method_not_allowed'
  | 'payload_too_large'
  | 'unsupported_media_type'
  | 'request_timeout'
  | 'expectation_failed'
  | 'rate_limited'
  | 'headers_too_large'
  | 'uri_too_long'
  | 'write_conflict'
  | 'overloaded'
  | 'shutting_down'
  | 'database_unavailable'
  | 'database_restarting'
  | 'database_read_only'
  | 'database_disk_full'
  | 'database_out_of_memory'
  | 'database_connections_full'
  | 'database_limit_exceeded'
  | 'statement_timeout'
  | 'issuer_unavailable'
  | 'evaluator_not_configured'
  | 'evaluator_failed'
  | 'evaluator_timeout'
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
    readonly options: {
      errors?: readonly FieldError[];
      /** What else clients are told: members of the problem document that this kind of problem has by itself. */
      extensions?: Readonly<Record<string, unknown>>;
      cause?: unknown;
      retryAfterSeconds?: number;
    } = {},
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
  const message = `The request has ${formatFieldCount(errors)} that can't be taken${describeTruncation(errors)}.`;
  return new DomainError('validation_failed', message, { ...limitErrors(errors), cause });
}

/** The request is well formed, but would break a rule of the domain. */
export function ruleViolated(errors: readonly FieldError[]): DomainError {
  const verb = errors.length === 1 ? 'breaks' : 'break';
  const message = `The request has ${formatFieldCount(errors)} that ${verb} a rule${describeTruncation(errors)}. Nothing was changed.`;
  return new DomainError('rule_violated', message, limitErrors(errors));
}

/** The agent isn't at a version that the request names. */
export function preconditionFailed(agentType: string, version: number | null): DomainError {
  const is = version === null ? "doesn't exist" : `is at version ${version}`;
  return new DomainError(
    'precondition_failed',
    `The agent ${JSON.stringify(agentType)} ${is}, which isn't what If-Match or If-None-Match asks for. Nothing was changed.`,
  );
}

/** The key came with another request before. */
export function idempotencyKeyReused(): DomainError {
  return new DomainError(
    'idempotency_key_reused',
    'This Idempotency-Key was used for another request to the agent. Nothing was changed; give each request a key of its own.',
  );
}

function formatFieldCount({ length }: readonly FieldError[]): string {
  return length === 1 ? '1 field' : `${length} fields`;
}

/** Most fields that an error names: a refusal must not be many times its request. */
export const NAMED_ERRORS_MAX = 20;
/** Most characters of a field's name, which is the client's, and of what is wrong with it, which may list all fields. */
const NAME_MAX_LENGTH = 300;
const DETAIL_MAX_LENGTH = 2_000;

function describeTruncation({ length }: readonly FieldError[]): string {
  return length > NAMED_ERRORS_MAX ? `; ${NAMED_ERRORS_MAX} of them are named` : '';
}

/** The first errors, and how many there are beside them. */
function limitErrors(errors: readonly FieldError[]) {
  const named = errors.slice(0, NAMED_ERRORS_MAX).map(({ field, detail }) => ({
    field: truncate(field, NAME_MAX_LENGTH),
    detail: truncate(detail, DETAIL_MAX_LENGTH),
  }));
  const others = errors.length - named.length;
  return { errors: named, ...(others > 0 && { extensions: { further_errors: others } }) };
}

function truncate(text: string, length: number): string {
  return text.length > length ? `${text.slice(0, length - 1).toWellFormed()}…` : text;
}

const RETRY_AFTER_SECONDS = 2;
/** An export of many agents takes a while. */
const RETRY_AFTER_EXPORT_SECONDS = 10;

/** The request doesn't say who sends it, or not in a way that is good. */
export function unauthenticated(detail: string): DomainError {
  return new DomainError('unauthenticated', detail);
}

/** Whoever sends the request may not do this. */
export function scopeMissing(detail: string): DomainError {
  return new DomainError('scope_missing', detail);
}

/** A page of another origin makes a browser write, where no key is needed. Nothing was changed. */
export function crossSiteRequest(): DomainError {
  return new DomainError(
    'cross_site_request',
    'A page of another origin sends this (see Origin and Sec-Fetch-Site). Nothing was changed. ' +
      'If it may, name its origin in CORS_ORIGINS; behind a proxy, name the proxy in TRUST_PROXY.',
  );
}

/** The keys that verify tokens can't be had, so that nobody can be let in by a token. */
export function issuerUnavailable(cause: unknown): DomainError {
  return new DomainError(
    'issuer_unavailable',
    "The issuer of tokens can't be reached, so that yours can't be verified. Nothing was changed; try again.",
    { cause, retryAfterSeconds: RETRY_AFTER_SECONDS },
  );
}

/** The database went away at COMMIT: whether the write took effect can't be told from here. */
export function outcomeUnknown(cause: unknown): DomainError {
  return new DomainError(
    'database_unavailable',
    'The database went away at the COMMIT, so that it is unknown whether this was recorded. ' +
      'Send it again with the same Idempotency-Key; without one, look first.',
    { cause, retryAfterSeconds: RETRY_AFTER_SECONDS },
  );
}

/** More writes wait than may. Nothing was changed. */
export function overloaded(): DomainError {
  return new DomainError('overloaded', 'Too many writes are waiting. Nothing was changed; try again.', {
    retryAfterSeconds: RETRY_AFTER_SECONDS,
  });
}

/** The service is behind with what it has to do. Nothing was changed. */
export function behind(): DomainError {
  return new DomainError('overloaded', 'The service has too much to do. Nothing was changed; try again.', {
    retryAfterSeconds: RETRY_AFTER_SECONDS,
  });
}

/** The caller has sent as many requests as it may. Nothing was changed. */
export function rateLimited(most: { requests: number; seconds: number }, retryAfterSeconds: number): DomainError {
  return new DomainError(
    'rate_limited',
    `More than ${most.requests} requests in ${most.seconds} seconds. Nothing was changed; try again later.`,
    { retryAfterSeconds },
  );
}

/** As many exports run as may. */
export function tooManyExports(most: number): DomainError {
  return new DomainError(
    'overloaded',
    `${most} exports are running, which is the most there may be; try again later.`,
    {
      retryAfterSeconds: RETRY_AFTER_EXPORT_SECONDS,
    },
  );
}

/** As many long answers wait for their turn as may. */
export function tooManyLongAnswers(): DomainError {
  return new DomainError('overloaded', 'Too many reads of long agents are waiting; try again later.', {
    retryAfterSeconds: RETRY_AFTER_EXPORT_SECONDS,
  });
}

/** The service is about to end. Nothing was changed. */
export function shuttingDown(): DomainError {
  return new DomainError('shutting_down', 'The service is shutting down. Nothing was changed; try again.', {
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
