export { AGENT_PATTERN_MAX_LENGTH, AGENT_PATTERNS_MAX, AgentAccess, findPatternFaults } from './agent-access.js';
export { Clock } from './clock.js';
export {
  appendChannel,
  attemptChannel,
  endpointsChannel,
  type ObservedEndpoints,
  type ObservedRound,
  type ObservedStatement,
  type ObservedSubmission,
  type ObservedTransaction,
  roundChannel,
  STATEMENT_KINDS,
  statementChannel,
  type StatementKind,
  submissionChannel,
  TRANSACTION_OUTCOMES,
  transactionChannel,
} from './diagnostics.js';
export {
  agentForbidden,
  agentNotFound,
  agentRenamed,
  DomainError,
  type ErrorCode,
  type FieldError,
  internalError,
  preconditionFailed,
  RETRY_AFTER_SECONDS,
  ruleViolated,
  shuttingDown,
  validationFailed,
  writeConflict,
} from './domain-error.js';
export { getErrorMessage } from './error-message.js';
export { copyJson, isFieldsObject } from './json-copy.js';
export { JSON_DEPTH_MAX, findUnstorable } from './json-text.js';
export { type CursorKey, decodeCursor, type Page, PAGE_LIMIT, toPage, type PageRequest } from './page.js';
export { parseOptions, withDefaults } from './parse-options.js';
export { pick } from './pick.js';
export { parseJson } from './parse-json.js';
export { shownText } from './shown-text.js';
export { ThrowsDomainErrors } from './throws-domain-errors.decorator.js';
export { MAX_TIME_MS, parseTimestamp, toDate, type WithTimes } from './timestamp.js';
export { WEBHOOK_SECRET, WEBHOOK_SECRET_FAULT } from './webhook-secret.js';
