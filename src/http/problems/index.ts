export { ApiProblems, ApiProblemsOnly, BODY_PROBLEMS, type DocumentedCode } from './api-problems.decorator.js';
export { sendClientError } from './client-error.js';
export { ERROR_STATUS } from './error-status.js';
export { ProblemDto } from './problem.dto.js';
export {
  ControllerProblemFilter,
  DomainProblemFilter,
  ProblemFilter,
  sendProblem,
  toLoggedProblem,
} from './problem.filter.js';
export { type Problem, PROBLEM_JSON, toProblem } from './problem.js';
