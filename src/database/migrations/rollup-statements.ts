/**
 * SQL of the additions to the rollups. The triggers of AddRollups and the statements for Citus (`storage/citus-rollups.ts`)
 * share it. It must not change, because it is part of a schema migration; one that changes the rule needs its own SQL.
 */

const OUTCOMES = '"tests", "passed", "score", "timed", "duration"';
const SUMS =
  '"agents", "active_agents", "learning_score", "learning_cycles", "xp", "level", "tests_passed", "tests_failed", ' +
  '"adversarial_wins", "custody_xp", "custody_level"';

/** Columns of an agent that are summed. */
export const COUNTED_COLUMNS = [
  'current_difficulty',
  'is_active',
  'learning_score',
  'total_learning_cycles',
  'xp',
  'level',
  'total_tests_passed',
  'total_tests_failed',
  'adversarial_wins',
  'custody_xp',
  'custody_level',
] as const;

/** A rollup of tests: its table, and its key columns besides the agent. */
export interface TestRollupTable {
  table: string;
  key: string;
}
export const BY_HOUR: TestRollupTable = { table: 'test_rollups_by_hour', key: 'hour' };
export const BY_KIND: TestRollupTable = { table: 'test_rollups_by_kind', key: 'category, difficulty' };

/** The outcomes of tests, added up: those of `testsOf`, and those of rows of rollups. */
export const OUTCOMES_OF_TESTS =
  'count(*), count(*) FILTER (WHERE passed), sum(score), count(duration), coalesce(sum(duration), 0)';
export const OUTCOMES_OF_ROLLUPS = 'sum(tests), sum(passed), sum(score), sum(timed), sum(duration)';

/** The tests among these events. What an event that was tampered with says in another form than a number is left out. */
export function selectTests(events: string): string {
  return `
                        SELECT agent_type,
                            date_trunc('hour', occurred_at, 'UTC') AS hour,
                            coalesce(payload ->> 'category', 'uncategorized') AS category,
                            payload ->> 'difficulty' AS difficulty,
                            payload -> 'passed' = 'true' AS passed,
                            CASE jsonb_typeof(payload -> 'score') WHEN 'number' THEN (payload -> 'score')::numeric END AS score,
                            CASE jsonb_typeof(payload -> 'duration') WHEN 'number' THEN (payload -> 'duration')::numeric END AS duration
                        FROM ${events} WHERE type IN ('custody_test', 'adversarial_test')`;
}

/** The columns of a rollup of tests, in the order in which sums of them are given. */
export function listColumns({ key }: TestRollupTable): string {
  return `"agent_type", ${key}, "slot", ${OUTCOMES}`;
}

/**
 * Adds up these tests, for each of their agents and ("*") for all. Sums are numeric, so exact, whatever the order in which
 * they were made.
 *
 * @param schema what stands before the names of tables
 * @param tests where to select them from, as `testsOf` makes them
 * @param slot an expression
 */
export function addTests(schema: string, rollup: TestRollupTable, tests: string, slot: string): string {
  const { table, key } = rollup;
  return `
                    INSERT INTO ${schema}${table} AS kept (${listColumns(rollup)})
                    SELECT coalesce(agent_type, '*'), ${key}, CASE WHEN agent_type IS NULL THEN ${slot} ELSE 0 END, ${OUTCOMES_OF_TESTS}
                    FROM ${tests} GROUP BY GROUPING SETS ((${key}, agent_type), (${key}))
                    ORDER BY ${['1', '2', '3'].slice(0, key.split(', ').length + 1).join(', ')}
                    ON CONFLICT ("agent_type", ${key}, "slot") DO UPDATE SET ${increments(OUTCOMES)}`;
}

/** Adds up the agents of these rows, by difficulty; those with the sign -1 are taken away. Parameters as of `addTests`. */
export function addAgents(schema: string, signed: readonly [sign: 1 | -1, rows: string][], slot: string): string {
  const rows = signed.map(
    ([sign, table]) => `
                        SELECT ${sign} AS sign, ${COUNTED_COLUMNS.join(', ')}
                        FROM ${table}`,
  );
  return `
                    INSERT INTO ${schema}agent_rollups AS kept ("current_difficulty", "slot", ${SUMS})
                    SELECT current_difficulty, ${slot}, sum(sign), sum(sign * is_active::integer),
                        sum(sign * learning_score::numeric), sum(sign * total_learning_cycles), sum(sign * xp),
                        sum(sign * level), sum(sign * total_tests_passed), sum(sign * total_tests_failed),
                        sum(sign * adversarial_wins), sum(sign * custody_xp), sum(sign * custody_level)
                    FROM (${rows.join(' UNION ALL ')}
                    ) agent GROUP BY current_difficulty ORDER BY 1
                    ON CONFLICT ("current_difficulty", "slot") DO UPDATE SET ${increments(SUMS)}`;
}

function increments(columns: string): string {
  return columns
    .split(', ')
    .map((column) => `${column} = kept.${column} + excluded.${column}`)
    .join(', ');
}
