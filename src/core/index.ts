export { buildCoreModules, CoreModule } from './core.module.js';
export { ENTITIES } from './entities.js';
