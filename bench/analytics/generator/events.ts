import type { AgentSnapshot } from '../../../src/progression/agent-state.js';
import type { EventPayloads } from '../../../src/progression/events.js';

/** The service's default. */
export const TEST_HISTORY_SIZE = 50;

type TestPayload = EventPayloads['custody_test'] & EventPayloads['adversarial_test'];

/** SQL of each field of a test's event, of a row of `tested`. Null: a test of its type has none. */
const PAYLOAD: Record<
  Exclude<keyof TestPayload, 'scenario_complexity' | 'winner_reasoning' | 'details' | 'outcome' | 'evidence'>,
  string
> = {
  category: 'category',
  difficulty: 'difficulty',
  duration: 'duration',
  is_winner: 'is_winner',
  passed: 'passed',
  scenario_domain: 'scenario_domain',
  score: 'score',
  test_history_size: String(TEST_HISTORY_SIZE),
  timestamp: `to_char(occurred_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')`,
  xp_awarded: 'xp_awarded',
};

/** Rules of the generated events, whose results have the columns below. */
const RULES_VERSION = 2;
/** SQL of an agent's numbers, of a row of `agent` or `tested`. */
export const SNAPSHOT: Partial<Record<keyof AgentSnapshot, string>> = {
  adversarial_wins: 'adversarial_wins',
  consecutive_failures: 'consecutive_failures',
  consecutive_successes: 'consecutive_successes',
  current_difficulty: 'current_difficulty',
  custody_level: 'custody_level',
  custody_xp: 'custody_xp',
  failure_rate: 'total_tests_failed / greatest(version, 1)::float8',
  is_active: 'is_active',
  learning_score: 'learning_score',
  level: 'level',
  pass_rate: 'total_tests_passed / greatest(version, 1)::float8',
  prestige: '0',
  priority: `'medium'::text`,
  status: `'idle'::text`,
  success_rate: '0',
  total_learning_cycles: 'total_learning_cycles',
  total_tests_failed: 'total_tests_failed',
  total_tests_given: 'version',
  total_tests_passed: 'total_tests_passed',
  xp: 'xp',
};

/** Appends the events of the newest tests to the ledger. Each was recorded when it happened. */
export const APPEND_EVENTS = `
  INSERT INTO agent_events (agent_type, version, type, payload, result, rules_version, occurred_at, recorded_at, prev_hash, hash)
  SELECT agent_type, version, type, jsonb_strip_nulls(to_jsonb(${rowOf(PAYLOAD)})),
         to_jsonb(${rowOf({ created: 'false', metrics: rowOf(SNAPSHOT) })}),
         ${RULES_VERSION}, occurred_at, occurred_at, prev_hash, ledger_hash
    FROM tested`;

/** SQL of a row with these columns, which is an object in JSON. */
function rowOf(columns: Record<string, string>): string {
  const list = Object.entries(columns).map(([name, sql]) => `${sql} AS ${name}`);
  return `(SELECT fields FROM (SELECT ${list.join(', ')}) fields)`;
}
