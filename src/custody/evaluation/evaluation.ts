import { assertSmall, CustodyTestDto, custodyTestResultOf } from '../../agent-metrics/index.js';
import { DomainError, findUnstorable, validationFailed } from '../../common/index.js';
import { parseRequest } from '../../http/validation/index.js';
import type { CustodyTestResult, JsonObject } from '../../progression/index.js';
import { noResult } from './evaluator-errors.js';
import type { TestAssignment } from './test-assignment.js';

/** The fields of an answer that are the result; all others are details. */
const RESULT_FIELDS = ['passed', 'score', 'duration', 'timestamp', 'xp_awarded', 'category', 'difficulty'];

/**
 * The result that an evaluator answers with: the fields of a custody test's result, of which `passed`, `score` and
 * `duration` are needed, and any others, up to 16,384 bytes, as its details. Category and difficulty are those that were
 * asked for, unless it names others.
 *
 * @throws DomainError `evaluator_failed` when the answer isn't such a result
 */
export function evaluationOf(answer: unknown, { category, difficulty }: TestAssignment): CustodyTestResult {
  try {
    const fault = findUnstorable(answer, '');
    if (fault) throw validationFailed([fault]);
    const { result, details } = splitAnswer(answer);
    const evaluation = { category, difficulty, ...custodyTestResultOf(parseRequest(CustodyTestDto, result, 'answer')) };
    if (Object.keys(details).length === 0) return evaluation;
    assertSmall(details);
    return { ...evaluation, details };
  } catch (error) {
    throw error instanceof DomainError ? noResult(error) : error;
  }
}

function splitAnswer(answer: unknown): { result: unknown; details: JsonObject } {
  if (typeof answer !== 'object' || answer === null || Array.isArray(answer)) return { result: answer, details: {} };
  const result: JsonObject = {};
  const details: JsonObject = {};
  for (const [name, value] of Object.entries(answer)) (RESULT_FIELDS.includes(name) ? result : details)[name] = value;
  return { result, details };
}
