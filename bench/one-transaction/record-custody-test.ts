import { createHash } from 'node:crypto';
import type pg from 'pg';
import { snapshot, RULES_VERSION } from '../../src/progression/agent-state.js';
import { METRIC_COLUMNS } from '../../src/ledger/stored-result.js';
import { afterCustodyTest, type AgentRow, type CustodyTest, payloadOf } from './after-custody-test.js';

const GENESIS_HASH = Buffer.alloc(32);

const LOCK = 'SELECT * FROM agent_metrics WHERE agent_type = $1 FOR UPDATE';
const SAVE = `
  UPDATE agent_metrics SET version = $2, ledger_hash = $3, total_tests_given = $4, total_tests_passed = $5,
         total_tests_failed = $6, pass_rate = $7, failure_rate = $8, consecutive_successes = $9,
         consecutive_failures = $10, last_success = $11, last_failure = $12, last_test_date = $13, custody_xp = $14,
         custody_level = $15, current_difficulty = $16, test_history = $17, updated_at = $18
   WHERE agent_type = $1`;
const APPEND = `
  INSERT INTO agent_events (agent_type, version, type, payload, result, rules_version, occurred_at, recorded_at,
                            prev_hash, hash, ${METRIC_COLUMNS.join(', ')})
  VALUES ($1, $2, 'custody_test', $3, '{"created": false}', $4, $5, $6, $7, $8,
          ${METRIC_COLUMNS.map((_, index) => `$${index + 9}`).join(', ')})`;

/**
 * Records the result of a custody test in a transaction of its own.
 *
 * @returns the agent's row afterwards; null when there is no such agent
 */
export async function recordCustodyTest(pool: pg.Pool, agentType: string, test: CustodyTest): Promise<AgentRow | null> {
  const client = await pool.connect();
  try {
    await client.query('BEGIN');
    const agent = await record(client, agentType, test);
    await client.query('COMMIT');
    return agent;
  } catch (error) {
    await client.query('ROLLBACK');
    throw error;
  } finally {
    client.release();
  }
}

async function record(client: pg.PoolClient, agentType: string, test: CustodyTest): Promise<AgentRow | null> {
  const { rows } = await client.query<AgentRow>(LOCK, [agentType]);
  const [before] = rows;
  if (!before) return null;
  const now = new Date();
  const payload = payloadOf(before, test, now);
  const agent = afterCustodyTest(before, payload, now);
  const metrics: Record<string, unknown> = { ...snapshot(agent) };
  const result = { created: false, metrics };
  const previous = before.ledger_hash ?? GENESIS_HASH;
  const hash = createHash('sha256')
    .update(previous)
    .update(JSON.stringify({ agentType, version: agent.version, payload, result, now }))
    .digest();
  await client.query(SAVE, [
    agentType,
    agent.version,
    hash,
    agent.total_tests_given,
    agent.total_tests_passed,
    agent.total_tests_failed,
    agent.pass_rate,
    agent.failure_rate,
    agent.consecutive_successes,
    agent.consecutive_failures,
    agent.last_success,
    agent.last_failure,
    agent.last_test_date,
    agent.custody_xp,
    agent.custody_level,
    agent.current_difficulty,
    JSON.stringify(agent.test_history),
    now,
  ]);
  await client.query(APPEND, [
    agentType,
    agent.version,
    payload,
    RULES_VERSION,
    payload.timestamp,
    now,
    previous,
    hash,
    ...METRIC_COLUMNS.map((column) => metrics[column]),
  ]);
  return { ...agent, ledger_hash: hash };
}
