import type { DatabaseConnection } from '../../config/index.js';
import { migrate } from './run-migrations.js';

/**
 * Runs the schema migrations, and logs those that were pending.
 *
 * @throws Error if the database cannot be migrated
 */
export async function migrateAtStart(
  connection: DatabaseConnection,
  logger: Readonly<Record<'log' | 'warn', (message: string) => void>>,
): Promise<void> {
  const migrations = await migrate(connection, (message) => {
    logger.warn(message);
  });
  if (migrations.length > 0) logger.log(`Migrated the database: ${migrations.join(', ')}`);
}
