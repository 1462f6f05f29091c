import { CreateAgentMetrics1795407160070 } from '../../database/migrations/index.js';
import { runPendingMigrations, lockMigrations } from '../../database/schema/index.js';
import { findDependants } from '../dependants.js';
import { copyGrants } from '../grants.js';
import { addColumns } from '../kept-columns.js';
import { compareColumns, findLegacyTable, LEGACY_TABLE, findOtherSchemas } from '../legacy-table.js';
import { renameLegacyTable } from '../rename-legacy-table.js';
import type { MigrationContext, MigrationStep, StepResult } from '../migrate.js';
import { formatSearchPathOption } from '../search-path.js';

/** Creates the tables, and renames the legacy table if there is one. */
export const schemaStep: MigrationStep = {
  name: 'schema',
  async run(context) {
    await lockMigrations(context.manager);
    context.legacy = await findLegacyTable(context.manager);
    if (context.legacy) {
      context.madeTables = true;
      return createSchemaBesideLegacyTable(context, context.legacy);
    }
    const migrations = await runPendingMigrations(context.manager);
    context.madeTables = migrations.includes(CreateAgentMetrics1795407160070.name);
    const summary = migrations.length > 0 ? `created by ${migrations.join(', ')}` : 'up to date';
    const others = context.madeTables ? await findOtherSchemas(context.manager) : [];
    return {
      changed: migrations.length > 0,
      summary: [summary, ...others.map(warnAboutSchema)],
      details: { migrations, not_looked_at: others },
    };
  },
};

function warnAboutSchema(schema: string): string {
  return (
    `WARNING: agent_metrics of the schema ${schema} was ignored. If it belongs to the old backend, drop the created ` +
    `tables (docs/migration.md, Back again), and add ${formatSearchPathOption(schema)} to DATABASE_URL`
  );
}

const POLICIES =
  'WARNING: the old table has row security and the new one has none, so only the owner was granted privileges. ' +
  'Create the policies for agent_metrics, then GRANT.';

async function createSchemaBesideLegacyTable(
  { manager }: MigrationContext,
  legacy: NonNullable<MigrationContext['legacy']>,
): Promise<StepResult> {
  const dependants = await findDependants(manager, legacy);
  const renamedIndexes = await renameLegacyTable(manager, legacy);
  const migrations = await runPendingMigrations(manager);
  const { kept, taken, missing } = compareColumns(manager, legacy);
  await addColumns(manager, kept);
  const grantedTo = await copyGrants(manager, legacy);
  const strict = kept.filter(({ notNull, hasDefault }) => notNull || hasDefault);
  return {
    changed: true,
    summary: [
      `created by ${migrations.join(', ')}`,
      `the old agent_metrics is kept as ${LEGACY_TABLE}`,
      ...renamedIndexes.map(([name, newName]) => `its index ${name} is now ${newName}`),
      ...kept.map(({ name, type }) => `column ${name} (${type}) is kept`),
      ...strict.map(
        ({ name }) => `WARNING: column ${name} is kept without its NOT NULL or default; it is NULL for new agents`,
      ),
      ...taken.map(
        ({ name }) =>
          `WARNING: column ${name} has a new meaning; its old values remain in the events and in ${LEGACY_TABLE}`,
      ),
      ...missing.map((name) => `column ${name} was missing; it is set to its default`),
      ...(grantedTo.length > 0 ? [`privileges on agent_metrics were granted to ${grantedTo.join(', ')}`] : []),
      ...(legacy.hasPolicies ? [POLICIES] : []),
      ...dependants.map(({ kind, name, advice }) => `WARNING: ${kind} ${name}: ${advice}`),
    ],
    details: {
      migrations,
      legacy_table: LEGACY_TABLE,
      renamed_indexes: renamedIndexes.map(([from, to]) => ({ from, to })),
      kept_columns: kept,
      taken_columns: taken,
      missing_columns: missing,
      granted_to: grantedTo,
      dependants,
    },
  };
}
