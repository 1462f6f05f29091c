import { DataSource } from 'typeorm';
import { ENTITIES } from '../../src/core/entities.js';
import { buildDataSourceOptions, SINGLE_CONNECTION } from '../../src/database/schema/data-source-options.js';
import { distribute, type DistributionState, inspectDistribution } from '../../src/distribution/distribute.js';
import { installCitusStandIn } from './citus-stand-in.js';
import { createTestDatabase, type TestDatabase } from './test-database.js';

/** Plans the distribution of the database ('asked'), or executes it. */
export async function distributed(database: TestDatabase, how: 'asked' | 'done' = 'done'): Promise<DistributionState> {
  const dataSource = new DataSource(buildDataSourceOptions(database.connection, SINGLE_CONNECTION, ENTITIES));
  await dataSource.initialize();
  try {
    return await (how === 'done' ? distribute : inspectDistribution)(dataSource);
  } finally {
    await dataSource.destroy();
  }
}

/** A migrated database in the distributed storage form. */
export async function createDistributedDatabase(): Promise<TestDatabase> {
  const database = await createTestDatabase();
  await installCitusStandIn(database);
  await distributed(database);
  return database;
}
