-- What pgbench runs: one result, one transaction. With -D first and last: numbers of the agents.
-- pgbench takes a colon before a letter for a variable of its own, also in a string: JSON has a space there.
\set agent random(:first, :last)
BEGIN;
SELECT version + 1 AS version FROM agent_metrics WHERE agent_type = 'bench-' || :agent FOR UPDATE \gset
UPDATE agent_metrics SET
  version = :version,
  ledger_hash = sha256(int4send(:version)),
  total_tests_given = total_tests_given + 1,
  total_tests_passed = total_tests_passed + 1,
  pass_rate = (total_tests_passed + 1)::float8 / (total_tests_given + 1),
  failure_rate = total_tests_failed::float8 / (total_tests_given + 1),
  consecutive_successes = consecutive_successes + 1,
  consecutive_failures = 0,
  last_success = greatest(last_success, '2025-01-25 10:00:00Z'),
  last_test_date = greatest(last_test_date, '2025-01-25 10:00:00Z'),
  custody_xp = custody_xp + 25,
  custody_level = greatest(custody_level, floor((1 + sqrt(1 + 4 * (custody_xp + 25) / 50.0)) / 2)::integer),
  test_history = (test_history - 0) || '{"test_type": "custody", "passed": true, "score": 95, "duration": 120,
    "timestamp": "2025-01-25T10:00:00.000Z", "xp_awarded": 25, "difficulty": "basic"}',
  updated_at = now()
WHERE agent_type = 'bench-' || :agent;
INSERT INTO agent_events
  (agent_type, version, type, payload, result, learning_score, success_rate, failure_rate, pass_rate, total_learning_cycles, xp,
   level, prestige, current_difficulty, total_tests_given, total_tests_passed, total_tests_failed, consecutive_successes,
   consecutive_failures, custody_level, custody_xp, adversarial_wins, status, is_active, priority,
   rules_version, occurred_at, recorded_at, prev_hash, hash)
VALUES (
  'bench-' || :agent, :version, 'custody_test',
  '{"passed": true, "score": 95, "duration": 120, "timestamp": "2025-01-25T10:00:00.000Z", "xp_awarded": 25,
    "difficulty": "basic", "test_history_size": 50}',
  '{"created": false}', 0, 0, 0, 1, 0, 0, 1, 0, 'basic', 51, 51, 0, 51, 0, 5, 1275, 0, 'idle', true, 'medium',
  1, '2025-01-25 10:00:00Z', now(), sha256(int4send(:version - 1)), sha256(int4send(:version))
);
COMMIT;
