export { MIGRATIONS_TABLE } from './migrations-table.js';
export { assertSchemaName, migrateHost } from './migrate-host.js';
export { buildDataSourceOptions, SINGLE_CONNECTION } from './data-source-options.js';
export { migrateAtStart } from './migrate-at-start.js';
export { migrate, runPendingMigrations, lockMigrations } from './run-migrations.js';
export { describeBrokenConstraint, validateConstraints } from './validate-constraints.js';
