import type { Session } from '../../../database/transactions/index.js';

const ADD = 'INSERT INTO agent_aliases (name, agent_type, kind) VALUES ($1, $2, $3)';
const MOVE = 'UPDATE agent_aliases SET agent_type = $2 WHERE agent_type = $1';
const REMOVE = 'DELETE FROM agent_aliases WHERE name = $1';

const FIND_OF = 'SELECT name, kind FROM agent_aliases WHERE agent_type = $1';

/** Earlier names of an agent, and names of agents that were merged into it. */
export async function findAliasesOf(
  session: Session,
  agentType: string,
): Promise<{ name: string; kind: 'renamed' | 'merged' }[]> {
  return session.query(FIND_OF, [agentType]);
}

/** Makes a name an alias of an agent, as well as the aliases of that name. */
export async function addAlias(
  session: Session,
  name: string,
  agentType: string,
  kind: 'renamed' | 'merged',
): Promise<void> {
  await session.query(MOVE, [name, agentType]);
  await session.query(ADD, [name, agentType, kind]);
}

/** Whether the agent had the name before. Names of agents that were merged into it do not count. */
export async function isEarlierName(session: Session, name: string, agentType: string): Promise<boolean> {
  const aliases = await findAliasesOf(session, agentType);
  return aliases.some((alias) => alias.name === name && alias.kind === 'renamed');
}

/** Makes an earlier name available to its agent. */
export async function removeAlias(session: Session, name: string): Promise<void> {
  await session.query(REMOVE, [name]);
}
