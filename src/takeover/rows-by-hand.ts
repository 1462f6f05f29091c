import type { EntityManager } from 'typeorm';
import type { AgentCommand } from '../agent-metrics/agent-command.js';
import { AgentMetrics } from '../agent-metrics/agent-metrics.entity.js';
import type { CommandExecutor } from '../agent-metrics/command-executor.js';
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
    await makeTimesFinite(
      manager,
      commands.map(({ agentType }) => agentType),
    );
    await carryOut(executor, manager, commands);
    rows += commands.length;
  }
  return { rows, repaired: tally.report() };
}

/** An infinite time is none that an event can say. The event has the row as it was. */
async function makeTimesFinite(manager: EntityManager, agentTypes: readonly string[]): Promise<void> {
  const times = manager.dataSource.getMetadata(AgentMetrics).columns.filter(({ type }) => type === 'timestamptz');
  const finite = (column: string): string =>
    `${column} >= '0001-01-01T00:00:00Z' AND ${column} < '10000-01-01T00:00:00Z'`;
  const assignments = times.map(
    ({ databaseName: column, isNullable }) =>
      `${column} = CASE WHEN ${finite(column)} THEN ${column} ${isNullable ? '' : 'ELSE now() '}END`,
  );
  const unsayable = times.map(({ databaseName: column }) => `NOT (${finite(column)})`);
  await manager.query(
    `UPDATE agent_metrics SET ${assignments.join(', ')} WHERE agent_type = ANY($1) AND (${unsayable.join(' OR ')})`,
    [agentTypes],
  );
}
