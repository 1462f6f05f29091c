import { CreateAgentMetrics1795407160070 } from '../../database/migrations/index.js';
import { runPendingMigrations, lockMigrations } from '../../database/schema/index.js';
import { dependantsOf } from '../dependants.js';
import { copyGrants } from '../grants.js';
import { addColumns } from '../kept-columns.js';
import { compareColumns, findLegacyTable, LEGACY_TABLE, schemasOfOthers } from '../legacy-table.js';
import { makeRoom } from '../make-room.js';
import type { Move, MoveStep, StepResult } from '../move.js';
import { searchPathOption } from '../search-path.js';

/** Makes our tables, beside the old one where there is one. */
export const schemaStep: MoveStep = {
  name: 'schema',
  async run(move) {
    await lockMigrations(move.manager);
    move.legacy = await findLegacyTable(move.manager);
    if (move.legacy) {
      move.madeTables = true;
      return besideLegacy(move, move.legacy);
    }
    const migrations = await runPendingMigrations(move.manager);
    move.madeTables = migrations.includes(CreateAgentMetrics1795407160070.name);
    const summary = migrations.length > 0 ? `made by ${migrations.join(', ')}` : 'as it should be';
    const others = move.madeTables ? await schemasOfOthers(move.manager) : [];
    return {
      changed: migrations.length > 0,
      summary: [summary, ...others.map(leftElsewhere)],
      details: { migrations, not_looked_at: others },
    };
  },
};

function leftElsewhere(schema: string): string {
  return (
    `WARNING: agent_metrics of the schema ${schema} was not looked at. If it is the old backend's, drop the tables that ` +
    `this made (docs/migration.md, Back again), and add ${searchPathOption(schema)} to DATABASE_URL`
  );
}

const POLICIES =
  'WARNING: the old table has row security, and the new one has none, so that nobody but the owner got rights to it. ' +
  'Make the policies for agent_metrics, and then GRANT.';

async function besideLegacy({ manager }: Move, legacy: NonNullable<Move['legacy']>): Promise<StepResult> {
  const dependants = await dependantsOf(manager, legacy);
  const renamedIndexes = await makeRoom(manager, legacy);
  const migrations = await runPendingMigrations(manager);
  const { kept, taken, missing } = compareColumns(manager, legacy);
  await addColumns(manager, kept);
  const grantedTo = await copyGrants(manager, legacy);
  const strict = kept.filter(({ notNull, hasDefault }) => notNull || hasDefault);
  return {
    changed: true,
    summary: [
      `made by ${migrations.join(', ')}`,
      `the old agent_metrics is kept as ${LEGACY_TABLE}`,
      ...renamedIndexes.map(([name, newName]) => `its index ${name} is now ${newName}`),
      ...kept.map(({ name, type }) => `column ${name} (${type}) is kept`),
      ...strict.map(
        ({ name }) => `WARNING: column ${name} is kept without its NOT NULL or default: new agents have NULL there`,
      ),
      ...taken.map(
        ({ name }) =>
          `WARNING: column ${name} means something else now; its values stay in the events and in ${LEGACY_TABLE}`,
      ),
      ...missing.map((name) => `column ${name} was missing; agents get its default`),
      ...(grantedTo.length > 0 ? [`rights to agent_metrics were given to ${grantedTo.join(', ')}`] : []),
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
