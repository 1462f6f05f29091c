-- One result, one transaction: an UPDATE of a narrow row and an INSERT of an event. No history, no hash chain, no rollups. With -D first and last: numbers of the agents.
\set agent random(:first, :last)
BEGIN;
UPDATE agent_metrics SET
  version = version + 1,
  total_tests_given = total_tests_given + 1,
  total_tests_passed = total_tests_passed + 1,
  custody_xp = custody_xp + 25,
  updated_at = now()
WHERE agent_type = 'bench-' || :agent
RETURNING version \gset
INSERT INTO agent_events (agent_type, version, type, payload, recorded_at)
VALUES (
  'bench-' || :agent, :version, 'custody_test',
  '{"passed": true, "score": 95, "duration": 120, "timestamp": "2025-01-25T10:00:00.000Z", "xp_awarded": 25}', now()
);
COMMIT;
