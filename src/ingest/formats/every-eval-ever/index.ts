export { readEveryEvalEverJson, readEveryEvalEverLines } from './read-every-eval-ever.js';
