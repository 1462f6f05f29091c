/**
 * Locks agents $1 by advisory locks until the transaction ends, on the server that all statements are sent to. The order is the
 * same in all transactions, which prevents deadlocks; agent types with the same hash share a lock.
 */
export const LOCK_AGENTS = `
      SELECT pg_advisory_xact_lock('agent_metrics'::regclass::oid::integer, key)
        FROM (SELECT DISTINCT hashtext(agent_type) AS key FROM unnest($1::text[]) agent_type ORDER BY key) agent`;
