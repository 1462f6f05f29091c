import type { Session } from '../transactions/index.js';

/** An idempotency key of an agent. */
export interface RequestKey {
  agentType: string;
  key: string;
}

/** Finds the events of requests. Those of merged agents are found under the agent that they were merged into, first. */
export type FindRequests = (session: Session, requests: readonly RequestKey[]) => Promise<unknown[]>;

const SAME_REQUEST = 'event.agent_type = named.agent_type AND event.idempotency_key = named.idempotency_key';

/**
 * One statement. The index is read once for each request, even if the statistics are outdated: OFFSET 0 keeps the planner
 * from changing the order of the join.
 *
 * @param columns select list on `event` and `named` (`owner`, `agent_type`, `is_own`)
 */
export function buildRequestLookup(columns: string): FindRequests {
  const statement = `
  WITH asked AS (
    SELECT agent_type, idempotency_key FROM unnest($1::text[], $2::text[]) asked (agent_type, idempotency_key)
  ), named AS (
    SELECT agent_type AS owner, agent_type, idempotency_key, true AS is_own FROM asked
    UNION ALL
    SELECT asked.agent_type, merged.name, asked.idempotency_key, false
      FROM asked JOIN agent_aliases merged ON merged.agent_type = asked.agent_type AND merged.kind = 'merged'
  )
  SELECT ${columns}
    FROM named
    CROSS JOIN LATERAL (SELECT * FROM ledger_events event WHERE ${SAME_REQUEST} OFFSET 0) event
   ORDER BY named.is_own`;
  return (session, requests) =>
    session.query(statement, [requests.map(({ agentType }) => agentType), requests.map(({ key }) => key)]);
}

const FIND_MERGED = "SELECT name, agent_type FROM agent_aliases WHERE agent_type = ANY($1) AND kind = 'merged'";

/**
 * Reads the names of merged agents first, so that the second statement names all agents, hence their shards. All columns of
 * the function are text: Citus 13.2 gives those of a joined function the type of the first.
 */
export function buildDistributedRequestLookup(columns: string): FindRequests {
  const statement = `
  WITH named AS (
    SELECT owner, agent_type, idempotency_key, owner = agent_type AS is_own
      FROM unnest($1::text[], $2::text[], $3::text[]) named (owner, agent_type, idempotency_key)
  )
  SELECT ${columns}
    FROM named JOIN ledger_events event ON ${SAME_REQUEST}
   WHERE event.agent_type = ANY($2::text[])
   ORDER BY named.is_own`;
  return async (session, requests) => {
    const owners = [...new Set(requests.map(({ agentType }) => agentType))];
    const merged = await session.query<{ name: string; agent_type: string }[]>(FIND_MERGED, [owners]);
    const named = requests.flatMap(({ agentType, key }) => [
      { owner: agentType, name: agentType, key },
      ...merged.flatMap(({ name, agent_type }) => (agent_type === agentType ? [{ owner: agentType, name, key }] : [])),
    ]);
    return session.query(statement, [
      named.map(({ owner }) => owner),
      named.map(({ name }) => name),
      named.map(({ key }) => key),
    ]);
  };
}
