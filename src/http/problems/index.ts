export { ApiProblems, ApiProblemsOnly, BODY_PROBLEMS, type DocumentedCode } from './api-problems.decorator.js';
export { sendClientError } from './client-error.js';
export { ERROR_STATUS } from './error-status.js';
export { ProblemDto } from './problem.dto.js';
export { ControllerProblemFilter, DomainProblemFilter, ProblemFilter, sendProblem } from './problem.filter.js';
export { PROBLEM_JSON, toProblem } from './problem.js';
