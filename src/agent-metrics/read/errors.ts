import { DomainError } from '../../common/index.js';

const RETRY_AFTER_SECONDS = 10;

/** The agent has no event with this version. */
export function eventNotFound(agentType: string, version: number): DomainError {
  return new DomainError('event_not_found', `The agent ${JSON.stringify(agentType)} has no event ${version}.`);
}

/** The maximum number of long responses is waiting. */
export function tooManyLongResponses(): DomainError {
  return new DomainError('overloaded', 'Too many reads of long agents are waiting; try again later.', {
    retryAfterSeconds: RETRY_AFTER_SECONDS,
  });
}
