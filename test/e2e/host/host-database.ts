import { DataSource, type DataSourceOptions } from 'typeorm';
import { createTestDatabase, EMPTY_TEMPLATE, type TestDatabase } from '../../support/test-database.js';

/** An empty database of a host application, and the options of a plain TypeORM DataSource for it. */
export interface HostDatabase {
  database: TestDatabase;
  options: DataSourceOptions & { type: 'postgres' };
  drop(): Promise<void>;
}

export async function createHostDatabase(): Promise<HostDatabase> {
  const database = await createTestDatabase(EMPTY_TEMPLATE);
  return {
    database,
    options: { type: 'postgres', url: database.url, poolSize: 3 },
    drop: () => database.drop(),
  };
}

/** Connects a DataSource of the host. */
export async function connect(options: DataSourceOptions): Promise<DataSource> {
  return new DataSource(options).initialize();
}
