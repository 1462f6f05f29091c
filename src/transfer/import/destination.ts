import type { EntityManager } from 'typeorm';
import type { AgentMetricsRepository } from '../../agent-metrics/index.js';
import type { AgentState } from '../../progression/index.js';

/** An agent of the file, as far as it has to fit into the database. */
export interface Newcomer {
  agentType: string;
  /** The id that it brings along. */
  id: string;
}

/** Whether an agent may come in: as one that isn't there, in place of one that was only created, or not at all. */
export type Admission = { problem: string } | { problem: null; base: AgentState | null };

const EVENTS = `
  SELECT agent_type, bool_and(type = 'created') AS only_created, bool_or(transaction_id = txid_current()) AS by_this_import
    FROM agent_events WHERE agent_type = ANY($1) AND version <= 2 GROUP BY agent_type`;
const OWNERS = 'SELECT id, agent_type FROM agent_metrics WHERE id = ANY($1)';
const FORGET = `DELETE FROM agent_events WHERE agent_type = ANY($1) AND version = 1 AND type = 'created'`;
const IMPORTED_BEFORE = `
  SELECT agent_type FROM agent_metrics JOIN agent_events event USING (agent_type, version)
   WHERE agent_type = ANY($1) AND event.transaction_id = txid_current()`;

export const TWICE = 'comes a second time: what belongs to an agent must stand in one place';

/**
 * Where agents with their whole ledger can go: nobody must have it, or have made more of it than its creation. Locks the
 * agents.
 */
export async function admit(
  manager: EntityManager,
  agents: AgentMetricsRepository,
  newcomers: readonly Newcomer[],
): Promise<Map<string, Admission>> {
  const agentTypes = newcomers.map(({ agentType }) => agentType);
  const rows = await agents.lock(manager, agentTypes, []);
  const events = await manager.query<{ agent_type: string; only_created: boolean; by_this_import: boolean }[]>(EVENTS, [
    agentTypes,
  ]);
  const ledgers = new Map(events.map((ledger) => [ledger.agent_type, ledger]));
  const owners = await idOwners(manager, newcomers);
  return new Map(
    newcomers.map(({ agentType, id }): [string, Admission] => {
      const owner = owners.get(id);
      if (owner !== undefined && owner !== agentType) return [agentType, { problem: idProblem(id, owner) }];
      const row = rows.get(agentType);
      const ledger = ledgers.get(agentType);
      if (!ledger && !row) return [agentType, { problem: null, base: null }];
      if (ledger?.by_this_import) return [agentType, { problem: TWICE }];
      if (ledger?.only_created && row?.version === 1) return [agentType, { problem: null, base: row }];
      return [
        agentType,
        {
          problem: 'exists already: only an agent without events, or with no more than its creation, can get a ledger',
        },
      ];
    }),
  );
}

/** Takes away the creation of agents that get another one. */
export async function forgetCreation(manager: EntityManager, agentTypes: readonly string[]): Promise<void> {
  if (agentTypes.length > 0) await manager.query(FORGET, [agentTypes]);
}

/** Those of the agents that this transaction has imported already. */
export async function importedBefore(manager: EntityManager, agentTypes: readonly string[]): Promise<Set<string>> {
  const rows = await manager.query<{ agent_type: string }[]>(IMPORTED_BEFORE, [agentTypes]);
  return new Set(rows.map(({ agent_type }) => agent_type));
}

/** Who has these ids: in the database, and otherwise the first of the newcomers. */
export async function idOwners(manager: EntityManager, newcomers: readonly Newcomer[]): Promise<Map<string, string>> {
  const owners = new Map<string, string>();
  for (const { id, agentType } of newcomers) if (!owners.has(id)) owners.set(id, agentType);
  const rows = await manager.query<{ id: string; agent_type: string }[]>(OWNERS, [[...owners.keys()]]);
  for (const { id, agent_type } of rows) owners.set(id, agent_type);
  return owners;
}

export function idProblem(id: string, owner: string): string {
  return `has the id ${id}, which is that of the agent ${JSON.stringify(owner)}`;
}
