export { dataSourceOptions, SINGLE_CONNECTION } from './data-source-options.js';
export { migrate, migrateIn, takeMigrationTurn } from './run-migrations.js';
export { describeBroken, validateConstraints } from './validate-constraints.js';
