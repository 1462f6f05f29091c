export { type LmEvalRun, findRun, parseSamplesName } from './lm-eval-run.js';
export { readLmEvalResults } from './read-results.js';
export { readLmEvalArray, readLmEvalLines } from './read-samples.js';
export { readResultsFile, toRun } from './results-file.js';
