/** Agents of a limited caller: agent types and prefixes of agent types. */
export interface LimitedAgents {
  readonly isLimited: boolean;
  readonly agentTypes: readonly string[];
  readonly prefixes: readonly string[];
}

/** SQL condition on a column with an agent type, and its parameters. */
export interface AgentCondition {
  sql: string;
  parameters: (readonly string[])[];
}

/**
 * Condition that the agent is one of those of a limited caller; `TRUE` if the caller is not limited.
 *
 * @param first number of the first parameter
 */
export function buildAgentCondition(
  { isLimited, agentTypes, prefixes }: LimitedAgents,
  first: number,
  column = 'agent_type',
): AgentCondition {
  if (!isLimited) return { sql: 'TRUE', parameters: [] };
  // Alone, the first comparison can use an index on the column.
  if (prefixes.length === 0) return { sql: `${column} = ANY($${first}::text[])`, parameters: [agentTypes] };
  return {
    sql: `(${column} = ANY($${first}::text[]) OR ${column} ^@ ANY($${first + 1}::text[]))`,
    parameters: [agentTypes, prefixes],
  };
}

/** Lists the agent types of a limited caller, for conditions on large tables, which then can use their indexes. */
export async function listAgentTypes(
  session: { query<Rows>(sql: string, parameters?: unknown[]): Promise<Rows> },
  agents: LimitedAgents,
): Promise<readonly string[]> {
  if (agents.isLimited && agents.prefixes.length === 0) return agents.agentTypes;
  const { sql, parameters } = buildAgentCondition(agents, 1);
  const rows = await session.query<{ agent_type: string }[]>(
    `SELECT agent_type FROM agent_metrics WHERE ${sql}`,
    parameters,
  );
  return rows.map(({ agent_type }) => agent_type);
}
