import type { Selection } from '../../json/json-reader.js';

/** Members of a result that are read. */
const ROW_MEMBERS = [
  ...['id', 'evalId', 'success', 'score', 'latencyMs', 'failureReason', 'error', 'gradingResult', 'namedScores'],
  ...['provider', 'testIdx', 'promptIdx', 'promptId', 'repeatIndex', 'cost', 'description', 'createdAt', 'timestamp'],
  ...['metadata', 'testCase', 'pluginId'],
];
const TEST_CASE_MEMBERS = ['description', 'metadata'];
const GRADING_MEMBERS = ['pass', 'score', 'reason', 'namedScores', 'componentResults'];

/** Members of the file, or of its `results`, around the results. */
export interface PromptfooHeader {
  evalId?: unknown;
  version?: unknown;
  timestamp?: unknown;
  description?: unknown;
  promptfooVersion?: unknown;
  shareableUrl?: unknown;
}

/** Selects header and results: `results.results[]` of version 3, or `results[]`. */
export const selectPromptfoo: Selection = (path) => {
  const [first, second, third] = path;
  if (first === undefined) return 'enter';
  if (first === 'results') {
    if (second === undefined) return 'enter';
    if (second === '*') return selectRow(path.slice(2));
    if (second === 'results') return third === undefined ? 'enter' : selectRow(path.slice(3));
    return path.length === 2 && ['version', 'timestamp'].includes(second) ? 'keep' : 'skip';
  }
  if (path.length === 1) {
    if (first === 'config' || first === 'metadata') return 'enter';
    return ['evalId', 'version', 'timestamp', 'shareableUrl'].includes(first) ? 'keep' : 'skip';
  }
  const name = path.join('.');
  return name === 'config.description' || name === 'metadata.promptfooVersion' ? 'keep' : 'skip';
};

/** Selects what is read of a result. */
function selectRow(path: readonly string[]): 'keep' | 'skip' {
  const [member, part] = path;
  if (member === undefined) return 'keep';
  if (!ROW_MEMBERS.includes(member)) return 'skip';
  if (part === undefined) return 'keep';
  if (member === 'testCase') return TEST_CASE_MEMBERS.includes(part) ? 'keep' : 'skip';
  if (member === 'gradingResult') return GRADING_MEMBERS.includes(part) ? 'keep' : 'skip';
  return 'keep';
}
