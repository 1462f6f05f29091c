import { DataSource } from 'typeorm';
import { loadSettings } from '../../src/config/settings.js';
import { ENTITIES } from '../../src/bootstrap/entities.js';
import { buildDataSourceOptions, SINGLE_CONNECTION } from '../../src/database/schema/data-source-options.js';
import { move, type MoveReport, type MoveRequest } from '../../src/legacy-migration/move.js';
import { MOVE_STEPS } from '../../src/legacy-migration/steps/move-steps.js';
import { integrityAfterwards } from '../../src/legacy-migration/steps/integrity.step.js';
import { verify, type Verification } from '../../src/verification/verify.js';
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

/** Moves a database as the command `migrate` does. */
export async function moveDatabase(
  database: TestDatabase,
  request: Partial<MoveRequest> = {},
  variables: Record<string, string> = {},
): Promise<MoveReport> {
  return connected(database, (dataSource) =>
    move(dataSource, loadSettings(variables), {
      steps: MOVE_STEPS,
      afterwards: [integrityAfterwards(dataSource)],
      dryRun: false,
      ...request,
    }),
  );
}

export async function verifyDatabase(database: TestDatabase): Promise<Verification> {
  return connected(database, (dataSource) => verify(dataSource));
}
