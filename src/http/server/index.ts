export { allowOrigins } from './cors.js';
export { createHttpAdapter } from './http-adapter.js';
export { HttpDrain } from './http-drain.js';
export { shedLoad } from './load-shedding.js';
export { watchMethods } from './other-methods.js';
export { createRateLimit } from './rate-limit.js';
