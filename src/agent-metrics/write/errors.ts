import {
  agentNotFound,
  DomainError,
  type FieldError,
  preconditionFailed,
  RETRY_AFTER_SECONDS,
  ruleViolated,
  validationFailed,
} from '../../common/index.js';
import { eventNotFound } from '../read/errors.js';
import { AGENT_TYPE_MAX_LENGTH, isWellFormedAgentType, type Rejection } from '../../progression/index.js';

/**
 * The idempotency key was used for another request to the agent.
 *
 * @param difference clause; null: unknown
 */
export function idempotencyKeyReused(difference: string | null = null): DomainError {
  const clause = difference === null ? '' : `: ${difference}`;
  return new DomainError(
    'idempotency_key_reused',
    `This Idempotency-Key was used for another request to the agent${clause}. Nothing was changed; use a new key for each request.`,
  );
}

/** The new name of an agent is taken, possibly as an earlier name of an agent. */
export function agentExists(agentType: string): DomainError {
  return new DomainError(
    'agent_exists',
    `An agent has, or had, the name ${JSON.stringify(agentType)}. Nothing was changed.`,
  );
}

/** The queue of writes is full. Nothing was changed. */
export function overloaded(): DomainError {
  return new DomainError('overloaded', 'Too many writes are waiting. Nothing was changed; try again.', {
    retryAfterSeconds: RETRY_AFTER_SECONDS,
  });
}

/** A rejected command. */
export interface Rejected {
  agentType: string;
  path: string;
  rejection: Rejection;
}

/** Converts rejections to one error. The most fundamental reason takes precedence. */
export function rejectionError(rejected: readonly Rejected[]): DomainError {
  const missing = rejected.find(({ rejection }) => rejection.code === 'agent_not_found');
  if (missing) return agentNotFound(missing.agentType);
  for (const { agentType, rejection } of rejected) {
    if (rejection.code === 'precondition_failed') return preconditionFailed(agentType, rejection.version);
  }
  for (const { agentType, rejection } of rejected) {
    if (rejection.code === 'event_not_found') return eventNotFound(agentType, rejection.version);
  }
  const misnamed = rejected.filter(({ rejection }) => rejection.code === 'agent_type_invalid');
  if (misnamed.length > 0) return validationFailed(misnamed.map(agentTypeError));
  return ruleViolated(rejected.flatMap(ruleErrors));
}

/** The name cannot be that of a new agent. @param path prefix of the field */
export function agentTypeError({ agentType, path }: Pick<Rejected, 'agentType' | 'path'>): FieldError {
  return {
    field: path === '' ? 'agent_type' : path.slice(0, -1),
    detail: isWellFormedAgentType(agentType)
      ? `${agentType} is a reserved word of the API and cannot be the type of a new agent`
      : `a new agent is named with 1 to ${AGENT_TYPE_MAX_LENGTH} letters, digits and . _ : + @ - / that begin with a letter or digit`,
  };
}

function ruleErrors({ path, rejection }: Rejected): FieldError[] {
  return rejection.code === 'rule_violated'
    ? rejection.errors.map(({ field, detail }) => ({ field: path + field, detail }))
    : [];
}
