export { ClockModule } from './clock.module.js';
export { Clock } from './clock.js';
export {
  appendChannel,
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
  agentNotFound,
  behind,
  crossSiteRequest,
  DomainError,
  type ErrorCode,
  type FieldError,
  idempotencyKeyReused,
  issuerUnavailable,
  outcomeUnknown,
  overloaded,
  preconditionFailed,
  rateLimited,
  ruleViolated,
  scopeMissing,
  shuttingDown,
  tooManyExports,
  tooManyLongAnswers,
  unauthenticated,
  validationFailed,
  writeConflict,
} from './domain-error.js';
export { messageOf } from './error-message.js';
export { JSON_DEPTH_MAX, unstorable } from './json-text.js';
export { decodeCursor, type Page, PAGE_LIMIT, pageOf, type PageRequest } from './page.js';
export { parseJson } from './parse-json.js';
export { LAST_TIME_MS, parseTimestamp, timeOf } from './timestamp.js';
