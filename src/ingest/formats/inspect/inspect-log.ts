import type { Selection } from '../../json/json-reader.js';

/** Members of a log and of a sample that are read. Others, such as messages and events, are passed over. */
const LOG_MEMBERS = ['version', 'status', 'eval', 'results', 'stats', 'error'];
const SAMPLE_MEMBERS = [
  ...['id', 'epoch', 'uuid', 'scores', 'score', 'error', 'limit', 'invalidation', 'error_retries'],
  ...['total_time', 'working_time', 'started_at', 'completed_at'],
];
const UNUSED = [
  'sample_ids',
  'sample_reductions',
  'traceback',
  'traceback_ansi',
  'history',
  'model_usage',
  'role_usage',
];

/** Members of a log without its samples. */
export interface InspectHeader {
  version?: unknown;
  status?: unknown;
  eval?: unknown;
  results?: unknown;
  stats?: unknown;
  error?: unknown;
}

/** A sample. Any member may be missing or have another type. */
export interface InspectSample {
  id?: unknown;
  epoch?: unknown;
  uuid?: unknown;
  scores?: unknown;
  /** Instead of `scores` in logs of version 1. */
  score?: unknown;
  error?: unknown;
  limit?: unknown;
  invalidation?: unknown;
  error_retries?: unknown;
  total_time?: unknown;
  working_time?: unknown;
  started_at?: unknown;
  completed_at?: unknown;
}

/** Selects the header and the samples of a log in one document. */
export const selectLog: Selection = (path) => {
  const [member = '', ...rest] = path;
  if (path.length === 0) return 'enter';
  if (member !== 'samples') return LOG_MEMBERS.includes(member) ? keepUsed(path) : 'skip';
  if (rest.length === 0) return 'enter';
  return rest[0] === '*' ? selectSample(rest.slice(1)) : 'skip';
};

/** Selects what is read of a sample. */
export const selectSample: Selection = (path) => {
  const [member] = path;
  if (member === undefined) return 'keep';
  return SAMPLE_MEMBERS.includes(member) ? keepUsed(path) : 'skip';
};

/** Selects what is read of the header. */
export const selectHeader: Selection = (path) => {
  const [member] = path;
  if (member === undefined) return 'keep';
  return LOG_MEMBERS.includes(member) ? keepUsed(path) : 'skip';
};

function keepUsed(path: readonly string[]): 'keep' | 'skip' {
  return path.length > 1 && UNUSED.includes(path.at(-1) ?? '') ? 'skip' : 'keep';
}
