import type { TestDatabase } from './test-database.js';

/** Appends an event that voids another one, past the service: its hash is not one of the chain. Returns its version. */
export async function voidEvent(database: TestDatabase, agentType: string, version: number): Promise<number> {
  const [row] = await database.query<{ version: number }>(
    `INSERT INTO agent_events (agent_type, version, type, payload, result, rules_version, occurred_at, recorded_at, prev_hash, hash)
     SELECT agent_type, version + 1000, 'voided', jsonb_build_object('version', $2::integer), result, rules_version,
            occurred_at, recorded_at, hash, hash
       FROM agent_events WHERE agent_type = $1 ORDER BY version DESC LIMIT 1
     RETURNING version`,
    [agentType, version],
  );
  if (!row) throw new Error(`${agentType} has no event`);
  return row.version;
}
