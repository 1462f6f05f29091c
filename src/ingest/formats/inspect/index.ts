export { readInspectEval } from './read-inspect-eval.js';
export { readInspectJson } from './read-inspect-json.js';
