export { ApiController } from './api-controller.decorator.js';
export { getApiRoot } from './api-root.js';
export { mountControllers, mountOn } from './mount-controllers.js';
