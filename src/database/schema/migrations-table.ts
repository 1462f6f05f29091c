/** Table of the schema migrations that have been run. */
export const MIGRATIONS_TABLE = 'agent_metrics_migrations';
