import { DataSource } from 'typeorm';
import { loadSettings } from '../../src/config/settings.js';
import { ENTITIES } from '../../src/core/entities.js';
import { buildDataSourceOptions, SINGLE_CONNECTION } from '../../src/database/schema/data-source-options.js';
import { migrate, type MigrationReport, type MigrationRequest } from '../../src/legacy-migration/migrate.js';
import { MIGRATION_STEPS } from '../../src/legacy-migration/steps/migration-steps.js';
import { createPostCommitIntegrityStep } from '../../src/legacy-migration/steps/integrity.step.js';
import { verify, type VerificationResult } from '../../src/verification/verify.js';
import type { TestDatabase } from './test-database.js';

/** Runs work on a connection to the database, as commands do. */
async function connected<T>({ connection }: TestDatabase, work: (dataSource: DataSource) => Promise<T>): Promise<T> {
  const dataSource = new DataSource(buildDataSourceOptions(connection, SINGLE_CONNECTION, ENTITIES));
  await dataSource.initialize();
  try {
    return await work(dataSource);
  } finally {
    await dataSource.destroy();
  }
}

/** Migrates a legacy database as `cli migrate` does. */
export async function migrateDatabase(
  database: TestDatabase,
  request: Partial<MigrationRequest> = {},
  variables: Record<string, string> = {},
): Promise<MigrationReport> {
  return connected(database, (dataSource) =>
    migrate(dataSource, loadSettings(variables), {
      steps: MIGRATION_STEPS,
      postCommitSteps: [createPostCommitIntegrityStep(dataSource)],
      dryRun: false,
      ...request,
    }),
  );
}

export async function verifyDatabase(database: TestDatabase): Promise<VerificationResult> {
  return connected(database, (dataSource) => verify(dataSource));
}
