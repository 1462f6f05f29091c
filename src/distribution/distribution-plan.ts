import {
  ADDED_SUMS,
  addAgents,
  BY_HOUR,
  BY_KIND,
  listColumns,
  SUMS,
  type TestRollupTable,
} from '../database/migrations/index.js';

/** A statement of the conversion, and its purpose. */
export interface PlannedStatement {
  purpose: string;
  sql: string;
}

const AGENTS = 'agent_metrics';
const COLOCATED_TABLES = ['agent_events', BY_HOUR.table, BY_KIND.table];
const TRIGGERS = [
  ['roll_up_tests', 'agent_events'],
  ...['insert', 'update', 'delete', 'truncate'].map((event) => [`roll_up_agents_${event}`, AGENTS]),
];

/**
 * Statements that convert a single-server database to one distributed by agent type. After the first table is
 * distributed, Citus allows only its own functions.
 *
 * @param schema schema of the tables, quoted
 */
export function planDistribution(schema: string): PlannedStatement[] {
  return [
    { purpose: 'process shards sequentially', sql: `SET LOCAL citus.multi_shard_modify_mode = 'sequential'` },
    { purpose: 'block writes', sql: `LOCK TABLE ${AGENTS}, agent_events IN ACCESS EXCLUSIVE MODE` },
    {
      purpose: 'Citus has no row triggers: only verify detects manual edits',
      sql: `DROP TRIGGER mark_edited_agent ON ${AGENTS}`,
    },
    ...TRIGGERS.map(([trigger, table]) => ({
      purpose: 'the service updates the rollups',
      sql: `DROP TRIGGER ${trigger} ON ${table}`,
    })),
    planRebuildFunction(schema),
    {
      purpose: 'keys must contain the agent type',
      sql:
        `ALTER TABLE ${AGENTS}\n  DROP CONSTRAINT pk_agent_metrics,\n  DROP CONSTRAINT uq_agent_metrics_agent_type,\n` +
        '  ADD CONSTRAINT pk_agent_metrics PRIMARY KEY (agent_type)',
    },
    { purpose: 'distribute the metrics rows', sql: `SELECT create_distributed_table('${AGENTS}', 'agent_type')` },
    ...COLOCATED_TABLES.map((table) => ({
      purpose: 'colocate the tables of an agent',
      sql: `SELECT create_distributed_table('${table}', 'agent_type', colocate_with => '${AGENTS}')`,
    })),
    ...[AGENTS, ...COLOCATED_TABLES].map((table) => ({
      purpose: 'delete local copies of the rows',
      sql: `SELECT truncate_local_data_after_distributing_table('${table}')`,
    })),
  ];
}

/**
 * Statement that creates `rebuild_rollups()` of the distributed form. Schema migrations that change the rollups replace it by
 * that of a single server.
 *
 * @param schema schema of the tables, quoted
 */
export function planRebuildFunction(schema: string): PlannedStatement {
  return { purpose: 'function that rebuilds the rollups', sql: buildRebuildFunction(`${schema}.`) };
}

/**
 * `rebuild_rollups()` as statements that each shard executes alone, or that sum over the shards. Every write updates
 * agent_rollups, which stays on the coordinator; locking it blocks all writes.
 */
function buildRebuildFunction(schema: string): string {
  return `CREATE OR REPLACE FUNCTION ${schema}rebuild_rollups() RETURNS void LANGUAGE plpgsql AS $$
DECLARE
  merged record;
BEGIN
  LOCK TABLE ${schema}agent_rollups IN SHARE ROW EXCLUSIVE MODE;
  DELETE FROM ${schema}test_rollups_by_hour;
  DELETE FROM ${schema}test_rollups_by_kind;
  DELETE FROM ${schema}agent_rollups;
${[BY_HOUR, BY_KIND].map((rollup) => buildRebuildOfTests(schema, rollup)).join('\n')}
${dedent(addAgents(schema, [[1, `${schema}agent_metrics`]], '0'))};
END
$$`;
}

function buildRebuildOfTests(schema: string, rollup: TestRollupTable): string {
  const { table, key, condition } = rollup;
  return `  INSERT INTO ${schema}${table} (${listColumns(rollup)})
    SELECT agent_type, ${key}, 0, ${ADDED_SUMS}
      FROM ${schema}agent_tests WHERE ${condition} GROUP BY agent_type, ${key};
  FOR merged IN SELECT name, agent_type FROM ${schema}agent_aliases WHERE kind = 'merged' LOOP
    INSERT INTO ${schema}${table} AS kept (${listColumns(rollup)})
      SELECT merged.agent_type, ${key}, 0, ${SUMS.join(', ')} FROM ${schema}${table} WHERE agent_type = merged.name
          ON CONFLICT (agent_type, ${key}, slot) DO UPDATE SET ${SUMS.map((sum) => `${sum} = kept.${sum} + excluded.${sum}`).join(', ')};
    DELETE FROM ${schema}${table} WHERE agent_type = merged.name;
  END LOOP;
  INSERT INTO ${schema}${table} (${listColumns(rollup)})
    SELECT '*', ${key}, 0, ${ADDED_SUMS}
      FROM ${schema}${table} WHERE agent_type <> '*' GROUP BY ${key};`;
}

/** Adapts the indentation of SQL from a schema migration to this function. */
function dedent(sql: string): string {
  return sql
    .trim()
    .replace(/^ {18}/gm, '  ')
    .replace(/^(?=\S)/, '  ');
}
