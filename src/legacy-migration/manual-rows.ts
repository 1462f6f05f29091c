import type { EntityManager } from 'typeorm';
import { type AgentCommand, AgentMetrics, type CommandExecutor } from '../agent-metrics/index.js';
import { isRepresentableTime, toJsonList } from '../database/values/index.js';
import { executeCommands } from './execute-commands.js';
import { readLegacyAgents } from './legacy-rows.js';
import { readColumns } from './legacy-table.js';
import { type RepairReport, RepairTally } from './repair-tally.js';
import { toAgent, type RowContext } from './rules/to-agent.js';

export interface RecordedManualRows {
  rows: number;
  repaired: RepairReport;
}

/**
 * Records an event for each manually inserted row of `agent_metrics`, that is, each row without events. Invalid values are
 * repaired.
 */
export async function recordManualRows(
  manager: EntityManager,
  executor: CommandExecutor,
  windows: RowContext['windows'],
): Promise<RecordedManualRows> {
  const [table] = await manager.query<{ oid: string }[]>("SELECT 'agent_metrics'::regclass::oid::text AS oid");
  const columns = await readColumns(manager, table?.oid ?? '');
  const tally = new RepairTally();
  const now = new Date();
  let rows = 0;
  for await (const agents of readLegacyAgents(manager, columns, 'agent_metrics WHERE version = 0')) {
    const commands: AgentCommand[] = [];
    for (const { newest: row } of agents) {
      const agentType = row['agent_type'] ?? '';
      const { agent, repairs } = toAgent(row, { agentType, id: row['id'] ?? '', now, windows });
      tally.add(agentType, repairs);
      const command =
        repairs.length === 0
          ? { type: 'create' as const }
          : { type: 'import' as const, data: { agent, original: [row] } };
      commands.push({ agentType, command });
    }
    await makeStorable(
      manager,
      commands.map(({ agentType }) => agentType),
    );
    await executeCommands(executor, manager, commands);
    rows += commands.length;
  }
  return { rows, repaired: tally.report() };
}

/** Replaces times and lists that violate a constraint. The event contains the original row. */
async function makeStorable(manager: EntityManager, agentTypes: readonly string[]): Promise<void> {
  const { columns } = manager.dataSource.getMetadata(AgentMetrics);
  const times = columns.filter(({ type }) => type === 'timestamptz');
  const lists = columns.filter(({ type, isNullable }) => type === 'jsonb' && !isNullable);
  const assignments = [
    ...times.map(
      ({ databaseName: column, isNullable }) =>
        `${column} = CASE WHEN ${isRepresentableTime(column)} THEN ${column} ${isNullable ? '' : 'ELSE now() '}END`,
    ),
    ...lists.map(({ databaseName: column }) => `${column} = ${toJsonList(column)}`),
  ];
  const conditions = [
    ...times.map(({ databaseName: column }) => `NOT (${isRepresentableTime(column)})`),
    ...lists.map(({ databaseName: column }) => `jsonb_typeof(${column}) <> 'array'`),
  ];
  await manager.query(
    `UPDATE agent_metrics SET ${assignments.join(', ')} WHERE agent_type = ANY($1) AND (${conditions.join(' OR ')})`,
    [agentTypes],
  );
}
