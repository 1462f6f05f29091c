import { assertSmall, CustodyTestDto, toCustodyTestResult } from '../../agent-metrics/index.js';
import { DomainError, findUnstorable, validationFailed } from '../../common/index.js';
import { parseRequest } from '../../http/validation/index.js';
import { type CustodyTestResult, type JsonObject, OUTCOMES } from '../../progression/index.js';
import { invalidResult } from './evaluator-errors.js';
import type { TestAssignment } from './test-assignment.js';

/** Fields of a response that form the result. All others are details. */
const RESULT_FIELDS = ['passed', 'score', 'duration', 'timestamp', 'xp_awarded', 'category', 'difficulty'];

/**
 * Parses the response of an evaluator: the fields of a custody test result (`passed`, `score` and `duration` are required,
 * unless `outcome` is `errored`)
 * and any other fields, up to 16,384 bytes, as details. Category and difficulty default to those of the assignment.
 *
 * @throws DomainError `evaluator_failed` if the response is not a valid result
 */
export function parseEvaluation(response: unknown, { category, difficulty }: TestAssignment): CustodyTestResult {
  try {
    const fault = findUnstorable(response, '');
    if (fault) throw validationFailed([fault]);
    const { result, details } = splitResponse(response);
    const evaluation = {
      category,
      difficulty,
      ...toCustodyTestResult(parseRequest(CustodyTestDto, result, 'response')),
    };
    if (Object.keys(details).length === 0) return evaluation;
    assertSmall(details);
    return { ...evaluation, details };
  } catch (error) {
    throw error instanceof DomainError ? invalidResult(error) : error;
  }
}

function splitResponse(response: unknown): { result: unknown; details: JsonObject } {
  if (typeof response !== 'object' || response === null || Array.isArray(response))
    return { result: response, details: {} };
  const result: JsonObject = {};
  const details: JsonObject = {};
  for (const [name, value] of Object.entries(response)) {
    // `outcome` is also a name that evaluators use for their own values.
    const isResult = name === 'outcome' ? isOutcome(value) : RESULT_FIELDS.includes(name);
    (isResult ? result : details)[name] = value;
  }
  return { result, details };
}

function isOutcome(value: unknown): boolean {
  return OUTCOMES.some((outcome) => outcome === value);
}
