import fc from 'fast-check';

/** A change to the tables past the service, of which none is legitimate. */
export interface Tampering {
  sql: string;
  parameters: unknown[];
}

/** Chooses a row: the remainder of this by how many there are. */
const place = fc.nat(1_000_000);
/** A number that a value is changed by. */
const amount = fc.oneof(fc.integer({ min: 1, max: 1_000 }), fc.integer({ min: -1_000, max: -1 }));

/** The ctid of one of the rows that fit. */
const one = (table: string, where = 'true'): string =>
  `(SELECT ctid FROM (SELECT ctid, row_number() OVER (ORDER BY ctid) - 1 AS number, count(*) OVER () AS rows
                        FROM ${table} WHERE ${where}) known
     WHERE number = $1::integer % rows)`;

/** New values of columns, made of the old ones and of $2. */
const EVENT_COLUMNS = [
  `agent_type = agent_type || 'x'`,
  `version = version + 100 + abs($2)`,
  `type = CASE type WHEN 'custody_test' THEN 'adversarial_test' ELSE 'custody_test' END`,
  `type = CASE type WHEN 'custody_xp' THEN 'learning' ELSE 'custody_xp' END`,
  `payload = payload || jsonb_build_object('score', $2::integer + 0.25)`,
  `payload = payload || jsonb_build_object('passed', NOT coalesce((payload ->> 'passed')::boolean, false))`,
  `payload = payload || jsonb_build_object('more', $2::integer)`,
  `payload = CASE payload WHEN '{}' THEN '[]' ELSE '{}'::jsonb END`,
  `xp = xp + $2::integer`,
  `pass_rate = pass_rate + $2::integer / 2048.0`,
  `result = jsonb_set(result, '{created}', to_jsonb(NOT (result ->> 'created')::boolean))`,
  `result = result || jsonb_build_object('more', $2::integer)`,
  `result = result || jsonb_build_object('metrics', jsonb_build_object('xp', xp))`,
  `status = 's' || $2::text`,
  `is_active = NOT is_active`,
  `rules_version = rules_version + abs($2)`,
  `actor = coalesce(actor, '') || 'x' || $2`,
  `idempotency_key = coalesce(idempotency_key, '') || $2`,
  `request_hash = coalesce(request_hash, '') || decode(lpad(to_hex(abs($2)), 4, '0'), 'hex')`,
  `occurred_at = occurred_at + $2 * interval '1 microsecond'`,
  `recorded_at = recorded_at + $2 * interval '1 microsecond'`,
  `prev_hash = set_byte(prev_hash, abs($2) % 32, get_byte(prev_hash, abs($2) % 32) # 1)`,
  `hash = set_byte(hash, abs($2) % 32, get_byte(hash, abs($2) % 32) # 128)`,
];

const COUNTERS = [
  'total_learning_cycles',
  'xp',
  'level',
  'prestige',
  'consecutive_successes',
  'consecutive_failures',
  'custody_level',
  'custody_xp',
  'adversarial_wins',
  'version',
];
const TIMES = ['last_learning_cycle', 'last_success', 'last_failure', 'last_test_date', 'created_at', 'updated_at'];

const ROW_COLUMNS = [
  'id = gen_random_uuid()',
  `agent_id = agent_id || $2`,
  `agent_type = agent_type || $2`,
  `ledger_hash = set_byte(ledger_hash, abs($2) % 32, get_byte(ledger_hash, abs($2) % 32) # 1)`,
  `learning_score = learning_score + abs($2) / 1024.0`,
  ...['success_rate', 'failure_rate', 'pass_rate'].map((rate) => `${rate} = (${rate} + abs($2) / 2048.0) / 2 + 0.001`),
  ...COUNTERS.map((counter) => `${counter} = ${counter} + abs($2)`),
  `total_tests_given = total_tests_given + abs($2), total_tests_passed = total_tests_passed + abs($2)`,
  ...TIMES.map((time) => `${time} = coalesce(${time}, now()) + $2 * interval '1 microsecond'`),
  `current_difficulty = 'd' || $2`,
  `status = 's' || $2`,
  `priority = 'p' || $2`,
  'is_active = NOT is_active',
  ...['test_history', 'learning_patterns', 'improvement_suggestions'].map(
    (list) => `${list} = ${list} || jsonb_build_array(jsonb_build_object('score', $2::integer))`,
  ),
  ...['capabilities', 'config'].map(
    (document) => `${document} = coalesce(${document}, '{}') || jsonb_build_object('a', $2::integer)`,
  ),
];

const OUTCOMES = ['tests', 'passed', 'score', 'timed', 'duration'].map((sum) => `${sum} = ${sum} + $2`);
const SUMS = [
  'agents',
  'active_agents',
  'learning_score',
  'learning_cycles',
  'xp',
  'level',
  'tests_passed',
  'tests_failed',
  'adversarial_wins',
  'custody_xp',
  'custody_level',
].map((sum) => `${sum} = ${sum} + $2`);

/** Sets a column of one row. */
const changed = (table: string, assignments: readonly string[]): fc.Arbitrary<Tampering> =>
  fc.tuple(fc.constantFrom(...assignments), place, amount).map(([assignment, row, by]) => ({
    // All parameters are named, whether the assignment uses them or not.
    sql: `UPDATE ${table} SET ${assignment.replaceAll('$2', '$2::integer')} WHERE ctid = ${one(table)} AND $2::integer IS NOT NULL`,
    parameters: [row, by],
  }));

const deleted = (table: string): fc.Arbitrary<Tampering> =>
  place.map((row) => ({
    sql: `DELETE FROM ${table} WHERE ctid = ${one(table, table === 'agent_rollups' ? COUNTS : 'true')}`,
    parameters: [row],
  }));
/** A slot whose sums are all 0 makes no difference. */
const COUNTS = `
  (agents, active_agents, learning_score, learning_cycles, xp, level, tests_passed, tests_failed, adversarial_wins,
   custody_xp, custody_level) <> (0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0)`;

/** Two events of an agent that follow each other change places. */
const reordered: fc.Arbitrary<Tampering> = place.map((row) => ({
  sql: `UPDATE agent_events event
           SET type = other.type, payload = other.payload, result = other.result, occurred_at = other.occurred_at,
               recorded_at = other.recorded_at, idempotency_key = NULL, prev_hash = other.prev_hash, hash = other.hash
          FROM agent_events other, (SELECT agent_type, version FROM agent_events
                                     WHERE ctid = ${one('agent_events', 'version > 1')}) chosen
         WHERE event.agent_type = chosen.agent_type AND event.version IN (chosen.version - 1, chosen.version)
           AND other.agent_type = chosen.agent_type AND other.version = 2 * chosen.version - 1 - event.version`,
  parameters: [row],
}));

/** An event once more, at the end of its agent's chain. */
const repeated: fc.Arbitrary<Tampering> = place.map((row) => ({
  sql: `INSERT INTO agent_events (agent_type, version, type, payload, result, rules_version, actor, occurred_at, recorded_at,
                                  prev_hash, hash)
        SELECT agent_type, (SELECT max(version) + 1 FROM agent_events other WHERE other.agent_type = event.agent_type), type,
               payload, result, rules_version, actor, occurred_at, recorded_at, prev_hash, hash
          FROM agent_events event WHERE ctid = ${one('agent_events')}`,
  parameters: [row],
}));

const inserted: fc.Arbitrary<Tampering> = fc
  .constantFrom(
    `INSERT INTO agent_metrics (agent_id, agent_type) VALUES ('a', 'by hand')`,
    `INSERT INTO test_rollups_by_hour VALUES ('guardian', '2020-01-01', 0, 1, 1, 1, 1, 1)`,
    `INSERT INTO test_rollups_by_hour VALUES ('nobody', '2020-01-01', 3, 1, 1, 1, 1, 1)`,
    `INSERT INTO test_rollups_by_kind VALUES ('*', 'code_quality', 'expert', 0, 1, 1, 1, 1, 1)`,
    `INSERT INTO agent_rollups VALUES ('own', 0, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1)`,
  )
  .map((sql) => ({ sql, parameters: [] }));

/** Any single change to rows or rollups that leaves every agent its name: what a rebuild makes good. */
export const repairable: fc.Arbitrary<Tampering> = fc.oneof(
  {
    arbitrary: changed(
      'agent_metrics',
      ROW_COLUMNS.filter((assignment) => !assignment.startsWith('agent_type')),
    ),
    weight: 4,
  },
  { arbitrary: changed('test_rollups_by_hour', OUTCOMES), weight: 2 },
  { arbitrary: changed('test_rollups_by_kind', OUTCOMES), weight: 2 },
  { arbitrary: changed('agent_rollups', SUMS), weight: 2 },
  ...['agent_metrics', 'test_rollups_by_hour', 'test_rollups_by_kind', 'agent_rollups'].map((table) => ({
    arbitrary: deleted(table),
    weight: 1,
  })),
);

/** Any single change to any field, event or row, but to the positions `id` and `transaction_id`, which no hash covers. */
export const tampering: fc.Arbitrary<Tampering> = fc.oneof(
  { arbitrary: changed('agent_events', EVENT_COLUMNS), weight: 8 },
  { arbitrary: changed('agent_metrics', ROW_COLUMNS), weight: 4 },
  { arbitrary: repairable, weight: 8 },
  { arbitrary: deleted('agent_events'), weight: 2 },
  { arbitrary: reordered, weight: 2 },
  { arbitrary: repeated, weight: 1 },
  { arbitrary: inserted, weight: 1 },
);
