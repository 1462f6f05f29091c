import {
  addAgents,
  BY_HOUR,
  BY_KIND,
  listColumns,
  OUTCOMES_OF_ROLLUPS,
  OUTCOMES_OF_TESTS,
  type TestRollupTable,
} from '../database/migrations/index.js';

/** A statement that distributes the database, and what for. */
export interface PlannedStatement {
  purpose: string;
  sql: string;
}

const AGENTS = 'agent_metrics';
const BESIDE_AGENTS = ['agent_events', BY_HOUR.table, BY_KIND.table];
const TRIGGERS = [
  ['roll_up_tests', 'agent_events'],
  ...['insert', 'update', 'delete', 'truncate'].map((event) => [`roll_up_agents_${event}`, AGENTS]),
];

/**
 * What turns a database on a single server into one that is distributed by agent type, in the order in which Citus takes it:
 * nothing but its own functions after the first table is distributed.
 *
 * @param schema that of our tables, quoted
 */
export function distributionPlan(schema: string): PlannedStatement[] {
  return [
    { purpose: 'one shard after the other', sql: `SET LOCAL citus.multi_shard_modify_mode = 'sequential'` },
    { purpose: 'nobody writes meanwhile', sql: `LOCK TABLE ${AGENTS}, agent_events IN ACCESS EXCLUSIVE MODE` },
    {
      purpose: 'Citus has no row triggers: edits by hand are found by verify only',
      sql: `DROP TRIGGER mark_edited_agent ON ${AGENTS}`,
    },
    ...TRIGGERS.map(([trigger, table]) => ({
      purpose: 'the service keeps the rollups',
      sql: `DROP TRIGGER ${trigger} ON ${table}`,
    })),
    { purpose: 'a way to make the rollups anew', sql: rebuildFunction(`${schema}.`) },
    {
      purpose: 'each key contains the agent type',
      sql:
        `ALTER TABLE ${AGENTS}\n  DROP CONSTRAINT pk_agent_metrics,\n  DROP CONSTRAINT uq_agent_metrics_agent_type,\n` +
        '  ADD CONSTRAINT pk_agent_metrics PRIMARY KEY (agent_type)',
    },
    { purpose: 'agents', sql: `SELECT create_distributed_table('${AGENTS}', 'agent_type')` },
    ...BESIDE_AGENTS.map((table) => ({
      purpose: 'what belongs to an agent, on the same server',
      sql: `SELECT create_distributed_table('${table}', 'agent_type', colocate_with => '${AGENTS}')`,
    })),
    ...[AGENTS, ...BESIDE_AGENTS].map((table) => ({
      purpose: 'the rows that were copied away',
      sql: `SELECT truncate_local_data_after_distributing_table('${table}')`,
    })),
  ];
}

/**
 * As on a single server, by statements that each shard can carry out by itself, or that take the sums of the shards. Every
 * write adds to agent_rollups, which stays on the coordinator: who locks that keeps out all of them.
 */
function rebuildFunction(schema: string): string {
  return `CREATE OR REPLACE FUNCTION ${schema}rebuild_rollups() RETURNS void LANGUAGE plpgsql AS $$
BEGIN
  LOCK TABLE ${schema}agent_rollups IN SHARE ROW EXCLUSIVE MODE;
  DELETE FROM ${schema}test_rollups_by_hour;
  DELETE FROM ${schema}test_rollups_by_kind;
  DELETE FROM ${schema}agent_rollups;
${[BY_HOUR, BY_KIND].map((rollup) => rebuildTests(schema, rollup)).join('\n')}
${dedented(addAgents(schema, [[1, `${schema}agent_metrics`]], '0'))};
END
$$`;
}

function rebuildTests(schema: string, rollup: TestRollupTable): string {
  const { table, key } = rollup;
  return `  INSERT INTO ${schema}${table} (${listColumns(rollup)})
    SELECT agent_type, ${key}, 0, ${OUTCOMES_OF_TESTS}
      FROM ${schema}agent_tests GROUP BY agent_type, ${key};
  INSERT INTO ${schema}${table} (${listColumns(rollup)})
    SELECT '*', ${key}, 0, ${OUTCOMES_OF_ROLLUPS}
      FROM ${schema}${table} WHERE agent_type <> '*' GROUP BY ${key};`;
}

/** What was written for a migration, in the depth of this function. */
function dedented(sql: string): string {
  return sql
    .trim()
    .replace(/^ {18}/gm, '  ')
    .replace(/^(?=\S)/, '  ');
}
