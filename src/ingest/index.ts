export { isAgentName, parseAgentMap } from './agent-names.js';
export { isCategory } from './category-names.js';
export { EvaluationFileError } from './errors.js';
export { EVALUATION_FORMATS, type EvaluationFormat, type SkipCode, type SkippedCase } from './evaluation-case.js';
export { type AgentOfModel, ingestFile, type IngestOptions, type IngestReport } from './ingest-file.js';
export { recognizeFile, type RecognizedFile } from './read-file.js';
export { relateFiles } from './related-files.js';
export { BATCH_MAX, type BatchItem, type BatchOutcome, type ResultRecorder } from './result-recorder.js';
export { type EvaluationFile, openEvaluationFile, spoolEvaluationFile } from './source/evaluation-file.js';
