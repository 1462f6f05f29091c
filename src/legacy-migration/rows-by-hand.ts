import type { EntityManager } from 'typeorm';
import { type AgentCommand, AgentMetrics, type CommandExecutor } from '../agent-metrics/index.js';
import { isRepresentableTime, toJsonList } from '../database/values/index.js';
import { carryOut } from './carry-out.js';
import { legacyAgents } from './legacy-rows.js';
import { columnsOf } from './legacy-table.js';
import { type RepairReport, RepairTally } from './repair-tally.js';
import { agentOfRow, type TakeOverContext } from './rules/agent-of-row.js';

export interface ImportedByHand {
  rows: number;
  repaired: RepairReport;
}

/**
 * Takes the rows of our own table that no event stands behind into the ledger, repaired where they break a rule: they were
 * inserted by hand.
 */
export async function importRowsByHand(
  manager: EntityManager,
  executor: CommandExecutor,
  windows: TakeOverContext['windows'],
): Promise<ImportedByHand> {
  const [table] = await manager.query<{ oid: string }[]>("SELECT 'agent_metrics'::regclass::oid::text AS oid");
  const columns = await columnsOf(manager, table?.oid ?? '');
  const tally = new RepairTally();
  const now = new Date();
  let rows = 0;
  for await (const agents of legacyAgents(manager, columns, 'agent_metrics WHERE version = 0')) {
    const commands: AgentCommand[] = [];
    for (const { newest: row } of agents) {
      const agentType = row['agent_type'] ?? '';
      const { agent, repairs } = agentOfRow(row, { agentType, id: row['id'] ?? '', now, windows });
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
    await carryOut(executor, manager, commands);
    rows += commands.length;
  }
  return { rows, repaired: tally.report() };
}

/** Times that no event can say, and lists that are none, break a constraint. The event has the row as it was. */
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
  const odd = [
    ...times.map(({ databaseName: column }) => `NOT (${isRepresentableTime(column)})`),
    ...lists.map(({ databaseName: column }) => `jsonb_typeof(${column}) <> 'array'`),
  ];
  await manager.query(
    `UPDATE agent_metrics SET ${assignments.join(', ')} WHERE agent_type = ANY($1) AND (${odd.join(' OR ')})`,
    [agentTypes],
  );
}
