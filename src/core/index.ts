export { CoreModule } from './core.module.js';
export { ENTITIES } from './entities.js';
