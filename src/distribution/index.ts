export { distribute, type Prospect, prospectOf } from './distribute.js';
