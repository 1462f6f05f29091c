import { MIGRATIONS } from '../database/migrations/index.js';
import { MIGRATIONS_TABLE } from '../database/schema/index.js';
import type { Session } from '../database/transactions/index.js';

const TABLES = `
  SELECT current_schema() AS schema, to_regclass('agent_metrics') IS NOT NULL AS exist,
         to_regclass('${MIGRATIONS_TABLE}') IS NOT NULL AS recorded`;
const RUN = `SELECT name FROM ${MIGRATIONS_TABLE}`;

/**
 * Checks that the tables exist and, if the module's own migrations table exists, that no migration is pending.
 *
 * @throws Error with the command that creates or updates the tables
 */
export async function assertMigrated(session: Session, schema?: string): Promise<void> {
  const [tables] = await session.query<{ schema: string | null; exist: boolean; recorded: boolean }[]>(TABLES);
  const found = schema ?? tables?.schema ?? null;
  const where = found === null ? 'the search path, which has no schema' : `the schema ${found}`;
  if (!tables?.exist) throw new Error(`The tables of AgentMetricsModule do not exist in ${where}. ${ADVICE}`);
  if (!tables.recorded) return;
  const run = new Set((await session.query<{ name: string }[]>(RUN)).map(({ name }) => name));
  const pending = MIGRATIONS.filter((migration) => !run.has(migration.name));
  if (pending.length === 0) return;
  const names = pending.map(({ name }) => name).join(', ');
  throw new Error(`Schema migrations of AgentMetricsModule are pending in ${where}: ${names}. ${ADVICE}`);
}

const ADVICE =
  'Call AgentMetricsModule.migrate(dataSource, { schema }) before the application starts, or set the option migrate.';
