export { createStop, stopOnSignalOrLoss } from './stop-process.js';
export { supervise } from './supervise.js';
export { isWorker, SupervisorLink } from './supervisor-link.js';
