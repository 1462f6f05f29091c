export { CITUS } from './citus.js';
export { deleteEvents } from './event-ranges.js';
export { findStorageForm } from './find-storage-form.js';
export type { FindRequests } from './find-requests.js';
export type { Insert } from './insertion.js';
export { LOCK_AGENTS } from './lock-agents.js';
export { SINGLE_SERVER } from './single-server.js';
export { type DocumentColumn, STORAGE_FORM, type StorageForm } from './storage-form.js';
