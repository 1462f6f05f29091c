export { CallerModule } from './caller.module.js';
