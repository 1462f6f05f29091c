import { DomainError } from '../../common/index.js';

const NOTHING_RECORDED = 'Nothing was recorded, and nothing is held against the agent.';

/** No evaluator is set. */
export function evaluatorNotConfigured(): DomainError {
  return new DomainError(
    'evaluator_not_configured',
    "No evaluator administers tests, as CUSTODY_EVALUATOR_URL isn't set. Set it, or record the result of a test that was " +
      'administered elsewhere with POST /api/agent-metrics/{agent_type}/custody-test.',
  );
}

/** The evaluator can't be reached, refuses, or answers with what can't be a result. */
export function evaluatorFailed(reason: string, cause?: unknown): DomainError {
  return new DomainError('evaluator_failed', `The evaluator failed. ${reason} ${NOTHING_RECORDED}`, { cause });
}

/** The evaluator's answer can't be a result, or breaks a rule. */
export function noResult({ options: { errors = [] } }: DomainError): DomainError {
  const faults = errors.map(({ field, detail }) => `${field} ${detail}`).join('; ');
  return evaluatorFailed(`Its answer is no test result: ${faults}.`);
}

/** The evaluator gave no answer in time. */
export function evaluatorTimeout(seconds: number): DomainError {
  return new DomainError(
    'evaluator_timeout',
    `The evaluator gave no answer within ${seconds} s (CUSTODY_EVALUATOR_TIMEOUT). ${NOTHING_RECORDED}`,
  );
}

/** As many tests are administered as may be at a time. */
export function tooManyEvaluations(most: number, retryAfterSeconds: number): DomainError {
  return new DomainError(
    'overloaded',
    `${most} tests are being administered, which is the most there may be; try again later.`,
    {
      retryAfterSeconds,
    },
  );
}
