export { readPromptfooJson, readPromptfooLines } from './read-promptfoo.js';
