import type { Session } from '../../../database/transactions/index.js';

const ADD = 'INSERT INTO agent_aliases (name, agent_type, kind) VALUES ($1, $2, $3)';
const MOVE = 'UPDATE agent_aliases SET agent_type = $2 WHERE agent_type = $1';

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
