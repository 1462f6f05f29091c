export { LegacyCustodyModule } from './legacy-custody.module.js';
