export { allowOrigins } from './cors.js';
export { serveDashboard } from './dashboard.js';
export { createHttpAdapter } from './http-adapter.js';
export { HttpDrain } from './http-drain.js';
export { shedLoad } from './load-shedding.js';
export { trackMethods } from './method-not-allowed.js';
export { type CountRequest, createRateLimit } from './rate-limit.js';
