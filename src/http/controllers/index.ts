export { ApiController } from './api-controller.decorator.js';
export { ALIAS_SOURCE, type AliasSource } from './renamed-agents.filter.js';
export { getApiRoot } from './api-root.js';
export { mountControllers, mountOn } from './mount-controllers.js';
