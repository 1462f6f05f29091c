import type { EntityManager } from 'typeorm';
import type { AgentVerifier } from './agent-verifier.js';
import type { Difference } from './difference.js';

/** A row of `agent_aliases` that is missing, or that no event of the agent states. */
export interface AliasFault {
  name: string;
  agentType: string;
  kind: 'renamed' | 'merged';
  is: 'missing' | 'unfounded';
}

interface Alias {
  name: string;
  agent_type: string;
  kind: string;
}

/** $1 earlier names, $2 agent types. */
const FIND_ALIASES = `
  SELECT name, agent_type, kind FROM agent_aliases WHERE name = ANY($1) OR name = ANY($2) OR agent_type = ANY($2)`;
/** The agent into which the one with the head $1 was merged, by its present name. */
const FIND_TARGET = `
  SELECT coalesce(alias.agent_type, event.agent_type) AS agent_type
    FROM agent_events event LEFT JOIN agent_aliases alias ON alias.name = event.agent_type
   WHERE event.type = 'merged' AND event.payload -> 'source' ->> 'head' = $1 LIMIT 1`;
const FIND_AGENTS = 'SELECT agent_type FROM agent_metrics WHERE agent_type = ANY($1)';
const ADD = `
  INSERT INTO agent_aliases (name, agent_type, kind)
  SELECT name, agent_type, kind FROM unnest($1::text[], $2::text[], $3::text[]) alias (name, agent_type, kind)
      ON CONFLICT DO NOTHING`;
const REMOVE = "DELETE FROM agent_aliases WHERE name = ANY($1) AND kind = 'renamed'";
/** $1 name, $2 agent type: whether an event of the agent, or of one that was merged into it, states the name. */
const IS_FOUNDED = `
  SELECT 1 FROM agent_events
   WHERE agent_type = ANY(ARRAY(SELECT name::text FROM agent_aliases WHERE agent_type = $2 AND kind = 'merged') || $2::text)
     AND type = 'renamed' AND payload ->> 'from' = $1 LIMIT 1`;

/**
 * Compares the earlier names in `agent_aliases` with the `renamed` events of agents. A name that another agent has is not
 * expected: it was taken before the agent was imported.
 *
 * @param verifiers after all events were added
 */
export async function findAliasFaults(
  manager: EntityManager,
  verifiers: readonly AgentVerifier[],
): Promise<AliasFault[]> {
  const agentTypes = verifiers.map(({ agentType }) => agentType);
  const names = verifiers.flatMap(({ earlierNames }) => [...earlierNames]);
  const aliases = await manager.query<Alias[]>(FIND_ALIASES, [names, agentTypes]);
  const taken = new Set([
    ...aliases.map(({ name }) => name),
    ...(await findAgents(manager, names)).map(({ agent_type }) => agent_type),
  ]);
  const owners = new Map(
    aliases.flatMap(({ name, agent_type, kind }) => (kind === 'merged' ? [[name, agent_type]] : [])),
  );
  const faults: AliasFault[] = [];
  for (const { agentType: name, ended } of verifiers) {
    if (!ended || owners.has(name)) continue;
    const [target] = await manager.query<{ agent_type: string }[]>(FIND_TARGET, [ended.head]);
    if (!target) continue;
    owners.set(name, target.agent_type);
    faults.push({ name, agentType: target.agent_type, kind: 'merged', is: 'missing' });
  }
  const founded = new Set<string>();
  for (const { agentType, earlierNames } of verifiers) {
    const owner = owners.get(agentType) ?? agentType;
    for (const name of earlierNames) {
      founded.add(toKey(name, owner));
      if (!taken.has(name) && name !== agentType)
        faults.push({ name, agentType: owner, kind: 'renamed', is: 'missing' });
    }
  }
  for (const { name, agent_type: agentType, kind } of aliases) {
    if (kind !== 'renamed' || !agentTypes.includes(agentType) || founded.has(toKey(name, agentType))) continue;
    const found = await manager.query<unknown[]>(IS_FOUNDED, [name, agentType]);
    if (found.length === 0) faults.push({ name, agentType, kind: 'renamed', is: 'unfounded' });
  }
  return faults;
}

/** Adds missing rows, and removes the others. */
export async function repairAliases(manager: EntityManager, faults: readonly AliasFault[]): Promise<void> {
  const missing = faults.filter(({ is }) => is === 'missing');
  const unfounded = faults.filter(({ is }) => is === 'unfounded').map(({ name }) => name);
  if (unfounded.length > 0) await manager.query(REMOVE, [unfounded]);
  if (missing.length === 0) return;
  await manager.query(ADD, [
    missing.map(({ name }) => name),
    missing.map(({ agentType }) => agentType),
    missing.map(({ kind }) => kind),
  ]);
}

export function toDifference({ name, agentType, kind, is }: AliasFault): Difference {
  const quoted = JSON.stringify(name);
  if (kind === 'merged') {
    return { agent_type: agentType, in: 'alias', problem: `agent_aliases has no row for the merged agent ${quoted}` };
  }
  return {
    agent_type: agentType,
    in: 'alias',
    problem:
      is === 'missing'
        ? `agent_aliases has no row for the earlier name ${quoted}`
        : `agent_aliases has the earlier name ${quoted}, which no event states`,
  };
}

async function findAgents(manager: EntityManager, names: readonly string[]): Promise<{ agent_type: string }[]> {
  return names.length === 0 ? [] : manager.query<{ agent_type: string }[]>(FIND_AGENTS, [names]);
}

/** U+0000 is a safe separator: neither part can contain it. */
function toKey(name: string, agentType: string): string {
  return `${name}\u0000${agentType}`;
}
