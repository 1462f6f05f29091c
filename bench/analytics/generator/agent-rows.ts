import { SNAPSHOT, TEST_HISTORY_SIZE } from './events.js';

const SNAPSHOT_COLUMNS = Object.keys(SNAPSHOT).join(', ');
const SNAPSHOT_VALUES = Object.values(SNAPSHOT).join(', ');

/** Makes the rows of the $2 agents, each as its last test left it. They were created a millisecond apart, before $1. */
export const INSERT_AGENTS = `
  INSERT INTO agent_metrics (id, agent_id, agent_type, version, ledger_hash, ${SNAPSHOT_COLUMNS}, test_history,
                             last_success, last_failure, last_test_date, created_at, updated_at)
  WITH history AS (
    SELECT event.agent_type,
           jsonb_agg(jsonb_build_object('test_type', replace(event.type, '_test', '')) || (event.payload - 'test_history_size')
                     ORDER BY event.version) AS entries
      FROM agent_events event JOIN agent USING (agent_type)
     WHERE event.version > agent.version - ${TEST_HISTORY_SIZE} GROUP BY event.agent_type
  )
  SELECT md5(agent_type)::uuid, agent_type || '_agent', agent_type, version, CASE WHEN version > 0 THEN ledger_hash END,
         ${SNAPSHOT_VALUES}, coalesce(entries, '[]'), last_success, last_failure, occurred_at,
         created_at, coalesce(occurred_at, created_at)
    FROM agent LEFT JOIN history USING (agent_type),
         LATERAL (SELECT $1::timestamptz + (number - $2) * interval '1 millisecond' AS created_at) creation
   ORDER BY number`;
