import { getErrorMessage } from './error-message.js';

/** Stable error codes. `http/problems/error-status.ts` maps each to its HTTP status. */
export type ErrorCode =
  | 'agent_not_found'
  | 'event_not_found'
  | 'webhook_not_found'
  | 'key_not_found'
  | 'key_exists'
  | 'agent_renamed'
  | 'agent_exists'
  | 'unauthenticated'
  | 'scope_missing'
  | 'agent_forbidden'
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
  | 'evaluation_file_invalid'
  | 'internal_error';

/** An invalid field of a request, and the reason. Nested fields are separated by dots: `updates.guardian.xp`. */
export interface FieldError {
  field: string;
  detail: string;
}

/** Error with a stable code, independent of HTTP. Each module defines its own in its `errors.ts`. */
export class DomainError extends Error {
  override readonly name = 'DomainError';

  constructor(
    readonly code: ErrorCode,
    message: string,
    readonly options: {
      errors?: readonly FieldError[];
      /** Further members of the problem document, specific to the code. */
      extensions?: Readonly<Record<string, unknown>>;
      cause?: unknown;
      retryAfterSeconds?: number;
    } = {},
  ) {
    super(message, { cause: options.cause });
  }
}

/** The agent does not exist, and the command does not create it. */
export function agentNotFound(agentType: string): DomainError {
  return new DomainError('agent_not_found', `There is no agent ${JSON.stringify(agentType)}.`);
}

/** The name was that of an agent which has another name now. The write must be repeated under that name. */
export function agentRenamed(name: string, agentType: string): DomainError {
  const [former, current] = [JSON.stringify(name), JSON.stringify(agentType)];
  return new DomainError(
    'agent_renamed',
    `The agent ${former} is now ${current}. Nothing was changed; send the request to ${current}.`,
    { extensions: { agent_type: agentType } },
  );
}

/** Without the agent type: the response is the same whether or not the agent exists. */
const FORBIDDEN = 'The key or token is limited to other agents. Nothing was changed.';

/** The caller is limited to other agents. The agent need not exist. @param detail default: the request names such an agent */
export function agentForbidden(detail = FORBIDDEN): DomainError {
  return new DomainError('agent_forbidden', detail);
}

/** The request does not have the form that the API requires. */
export function validationFailed(errors: readonly FieldError[], cause?: unknown): DomainError {
  const message = `The request has ${formatFieldCount(errors, 'invalid field')}${describeTruncation(errors)}.`;
  return new DomainError('validation_failed', message, { ...limitErrors(errors), cause });
}

/** The request is well-formed, but violates a rule of the domain. */
export function ruleViolated(errors: readonly FieldError[]): DomainError {
  const verb = errors.length === 1 ? 'violates' : 'violate';
  const message = `The request has ${formatFieldCount(errors, 'field')} that ${verb} a rule${describeTruncation(errors)}. Nothing was changed.`;
  return new DomainError('rule_violated', message, limitErrors(errors));
}

/** The agent's version does not match the precondition. @param version null: the agent does not exist */
export function preconditionFailed(agentType: string, version: number | null): DomainError {
  const is = version === null ? 'does not exist' : `is at version ${version}`;
  return new DomainError(
    'precondition_failed',
    `The agent ${JSON.stringify(agentType)} ${is}, which does not match If-Match or If-None-Match. Nothing was changed.`,
  );
}

function formatFieldCount({ length }: readonly FieldError[], noun: string): string {
  return length === 1 ? `1 ${noun}` : `${length} ${noun}s`;
}

/** Maximum number of fields that an error names, so that the response is not many times the size of the request. */
export const NAMED_ERRORS_MAX = 20;
/** Maximum length of a field's name, which the client chose, and of the detail, which may list all fields. */
const NAME_MAX_LENGTH = 300;
const DETAIL_MAX_LENGTH = 2_000;

function describeTruncation({ length }: readonly FieldError[]): string {
  return length > NAMED_ERRORS_MAX ? `; the first ${NAMED_ERRORS_MAX} are listed` : '';
}

/** The first errors, and the number of further ones. */
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

/** An unexpected failure: a fault of the service, or of an argument that throws when it is read. */
export function internalError(cause: unknown): DomainError {
  return new DomainError('internal_error', `Internal error: ${describe(cause)}`, { cause });
}

/** Anything can be thrown, including values that throw when they are read. */
function describe(cause: unknown): string {
  try {
    return getErrorMessage(cause);
  } catch {
    return 'unknown cause';
  }
}

/** Seconds after which a client may repeat a request that failed for a temporary reason. */
export const RETRY_AFTER_SECONDS = 2;

/** The service is shutting down. Nothing was changed. */
export function shuttingDown(): DomainError {
  return new DomainError('shutting_down', 'The service is shutting down. Nothing was changed; try again.', {
    retryAfterSeconds: RETRY_AFTER_SECONDS,
  });
}

/** The transaction conflicted with others in every attempt. Nothing was changed. */
export function writeConflict(cause: unknown): DomainError {
  return new DomainError('write_conflict', 'Repeated conflicts with other writes. Nothing was changed; try again.', {
    cause,
    retryAfterSeconds: RETRY_AFTER_SECONDS,
  });
}
