export { readJUnit } from './read-junit.js';
