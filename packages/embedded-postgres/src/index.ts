export type { ConnectionSettings } from './database.js';
export { type EmbeddedPostgres, type EmbeddedPostgresOptions, startEmbeddedPostgres } from './embedded-postgres.js';
export type { Log } from './log.js';
