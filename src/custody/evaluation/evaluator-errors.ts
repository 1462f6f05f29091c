import { DomainError } from '../../common/index.js';

const NOTHING_RECORDED = 'Nothing was recorded.';

/** CUSTODY_EVALUATOR_URL is not set. */
export function evaluatorNotConfigured(): DomainError {
  return new DomainError(
    'evaluator_not_configured',
    'No evaluator is configured. Set CUSTODY_EVALUATOR_URL, or record the result of a test with ' +
      'POST /api/agent-metrics/{agent_type}/custody-test.',
  );
}

/** The evaluator is unreachable, returned an error status, or returned an invalid result. */
export function evaluatorFailed(reason: string, cause?: unknown): DomainError {
  return new DomainError('evaluator_failed', `The evaluator failed. ${reason} ${NOTHING_RECORDED}`, { cause });
}

/** The evaluator's response is not a valid result, or violates a rule. */
export function invalidResult({ options: { errors = [] } }: DomainError): DomainError {
  const faults = errors.map(({ field, detail }) => `${field} ${detail}`).join('; ');
  return evaluatorFailed(`The response is not a valid test result: ${faults}.`);
}

/** The evaluator did not respond within CUSTODY_EVALUATOR_TIMEOUT. */
export function evaluatorTimeout(seconds: number): DomainError {
  return new DomainError(
    'evaluator_timeout',
    `The evaluator did not respond within ${seconds} s (CUSTODY_EVALUATOR_TIMEOUT). ${NOTHING_RECORDED}`,
  );
}

/** The limit of concurrently administered tests is reached. */
export function tooManyEvaluations(limit: number, retryAfterSeconds: number): DomainError {
  return new DomainError('overloaded', `Too many tests are being administered (limit: ${limit}). Try again later.`, {
    retryAfterSeconds,
  });
}
