import type { DatabaseConnection } from '../../src/config/database-url.js';
import { selectClientClass, buildClientConfig } from '../../src/database/client/client.js';

/** Runs statements, one after the other, on a connection of their own. */
export async function runSql(connection: DatabaseConnection, ...statements: string[]): Promise<void> {
  const client = new (selectClientClass(connection))(buildClientConfig(connection));
  await client.connect();
  try {
    for (const statement of statements) await client.query(statement);
  } finally {
    await client.end();
  }
}
