export { parseAgentMap } from './agent-names.js';
export { isCategory } from './category-names.js';
export type { RecognizedFile } from './detect-format.js';
export { EvaluationFileError } from './errors.js';
export { EVALUATION_FORMATS, type EvaluationFormat, type SkipCode, type SkippedCase } from './evaluation-case.js';
export { type AgentOfModel, ingestFile, type IngestOptions, type IngestReport } from './ingest-file.js';
export { recognizeFile } from './read-file.js';
export { relateFiles } from './related-files.js';
export { type ReportJson, toReportJson } from './report-json.js';
export {
  BATCH_MAX,
  BATCH_MAX_BYTES,
  type BatchItem,
  type BatchOutcome,
  type ResultRecorder,
  TemporaryFailure,
} from './result-recorder.js';
export { type RetryLimits, withRetries } from './retrying-recorder.js';
export { removeStaleCopies } from './source/copy-folders.js';
export { type EvaluationFile, openEvaluationFile, spoolEvaluationFile } from './source/evaluation-file.js';
