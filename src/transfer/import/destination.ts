import type { EntityManager } from 'typeorm';
import type { AgentMetricsRepository } from '../../agent-metrics/index.js';
import type { AgentState } from '../../progression/index.js';

/** An agent of the file that is checked against the database. */
export interface Candidate {
  agentType: string;
  /** ID in the file. */
  id: string;
}

/** Whether an agent can be imported: as a new agent, as a replacement of one that was only created, or not. */
export type Admission = { problem: string } | { problem: null; base: AgentState | null };

const EVENTS = `
  SELECT agent_type, bool_and(type = 'created') AS only_created, bool_or(transaction_id = txid_current()) AS by_this_import
    FROM agent_events WHERE agent_type = ANY($1) AND version <= 2 GROUP BY agent_type`;
const OWNERS = 'SELECT id, agent_type FROM agent_metrics WHERE id = ANY($1)';
const FORGET = `DELETE FROM agent_events WHERE agent_type = ANY($1) AND version = 1 AND type = 'created'`;
const IMPORTED_BEFORE = `
  SELECT agent_type FROM agent_metrics JOIN agent_events event USING (agent_type, version)
   WHERE agent_type = ANY($1) AND event.transaction_id = txid_current()`;

export const DUPLICATE_AGENT = 'is repeated: all entries of an agent must be consecutive';

/**
 * Checks which agents can be imported with their ledger: those that do not exist, or have no events besides their creation.
 * Locks the agents.
 */
export async function admit(
  manager: EntityManager,
  agents: AgentMetricsRepository,
  newcomers: readonly Candidate[],
): Promise<Map<string, Admission>> {
  const agentTypes = newcomers.map(({ agentType }) => agentType);
  const rows = await agents.lock(manager, agentTypes, []);
  const events = await manager.query<{ agent_type: string; only_created: boolean; by_this_import: boolean }[]>(EVENTS, [
    agentTypes,
  ]);
  const ledgers = new Map(events.map((ledger) => [ledger.agent_type, ledger]));
  const owners = await findIdOwners(manager, newcomers);
  const aliases = await agents.findAliases(manager, agentTypes);
  return new Map(
    newcomers.map(({ agentType, id }): [string, Admission] => {
      const owner = owners.get(id);
      if (owner !== undefined && owner !== agentType) return [agentType, { problem: describeIdProblem(id, owner) }];
      if (aliases.has(agentType)) return [agentType, { problem: 'is an earlier name of another agent' }];
      const row = rows.get(agentType);
      const ledger = ledgers.get(agentType);
      if (!ledger && !row) return [agentType, { problem: null, base: null }];
      if (ledger?.by_this_import) return [agentType, { problem: DUPLICATE_AGENT }];
      if (ledger?.only_created && row?.version === 1) return [agentType, { problem: null, base: row }];
      return [
        agentType,
        {
          problem:
            'already exists: a ledger can only be imported for an agent without events, or with only its creation',
        },
      ];
    }),
  );
}

/** Deletes the creation events of agents that are replaced. */
export async function forgetCreation(manager: EntityManager, agentTypes: readonly string[]): Promise<void> {
  if (agentTypes.length > 0) await manager.query(FORGET, [agentTypes]);
}

/** Names that agents have in the database are not replaced. */
const ADD_ALIASES = `
  INSERT INTO agent_aliases (name, agent_type, kind)
  SELECT name, alias.agent_type, 'renamed' FROM unnest($1::text[], $2::text[]) alias (name, agent_type)
   WHERE name NOT IN (SELECT agent_type FROM agent_metrics WHERE agent_type = ANY($1))
      ON CONFLICT DO NOTHING`;

/** Makes the earlier names of imported agents their aliases. */
export async function addEarlierNames(
  manager: EntityManager,
  agents: readonly { agentType: string; earlierNames: ReadonlySet<string> }[],
): Promise<void> {
  const aliases = agents.flatMap(({ agentType, earlierNames }) =>
    [...earlierNames].map((name): [string, string] => [name, agentType]),
  );
  if (aliases.length === 0) return;
  await manager.query(ADD_ALIASES, [aliases.map(([name]) => name), aliases.map(([, agentType]) => agentType)]);
}

/** Finds agents that were already imported in this transaction. */
export async function findImported(manager: EntityManager, agentTypes: readonly string[]): Promise<Set<string>> {
  const rows = await manager.query<{ agent_type: string }[]>(IMPORTED_BEFORE, [agentTypes]);
  return new Set(rows.map(({ agent_type }) => agent_type));
}

/** Finds the owner of each ID: the agent in the database, else the first candidate. */
export async function findIdOwners(
  manager: EntityManager,
  newcomers: readonly Candidate[],
): Promise<Map<string, string>> {
  const owners = new Map<string, string>();
  for (const { id, agentType } of newcomers) if (!owners.has(id)) owners.set(id, agentType);
  const rows = await manager.query<{ id: string; agent_type: string }[]>(OWNERS, [[...owners.keys()]]);
  for (const { id, agent_type } of rows) owners.set(id, agent_type);
  return owners;
}

export function describeIdProblem(id: string, owner: string): string {
  return `has the id ${id}, which is used by the agent ${JSON.stringify(owner)}`;
}
