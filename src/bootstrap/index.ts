export { serve } from './serve.js';
export { serveAsWorker } from './serve-as-worker.js';
