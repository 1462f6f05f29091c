const FIND = "SELECT name FROM agent_aliases WHERE kind = 'merged' AND agent_type = ANY($1)";

/** Names of the agents that were merged into these agents. Their events are retained under these names. */
export async function findMergedNames(
  session: { query(sql: string, parameters: unknown[]): Promise<unknown> },
  agentTypes: readonly string[],
): Promise<string[]> {
  const merged = (await session.query(FIND, [agentTypes])) as { name: string }[];
  return merged.map(({ name }) => name);
}
