export { type EmbeddedPostgresOptions, startEmbeddedPostgres } from './embedded-postgres.js';
export type { Log } from './log.js';
export { makeFolder } from './make-folder.js';
