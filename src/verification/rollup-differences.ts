import type { EntityManager } from 'typeorm';
import type { Difference } from './difference.js';
import { OF_ROLLUPS, OF_TESTS, OUTCOMES } from './rollup-sums.js';

const AGENT_SUMS = [
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
];

interface Row {
  agent_type: string;
  place: string;
  kept: string | null;
  expected: string | null;
}

/** What the rollups of these agents say otherwise than their events do. */
export async function testRollupDifferences(
  manager: EntityManager,
  agentTypes: readonly string[],
): Promise<Difference[]> {
  const byHour = comparison(
    'agent_type, hour',
    `SELECT agent_type, hour, ${OF_ROLLUPS} FROM test_rollups_by_hour WHERE agent_type = ANY($1) GROUP BY 1, 2`,
    `SELECT agent_type, hour, ${OF_TESTS} FROM agent_tests WHERE agent_type = ANY($1) GROUP BY 1, 2`,
    OUTCOMES,
  );
  const byKind = comparison(
    'agent_type, category, difficulty',
    `SELECT agent_type, category, difficulty, ${OF_ROLLUPS} FROM test_rollups_by_kind WHERE agent_type = ANY($1) GROUP BY 1, 2, 3`,
    `SELECT agent_type, category, difficulty, ${OF_TESTS} FROM agent_tests WHERE agent_type = ANY($1) GROUP BY 1, 2, 3`,
    OUTCOMES,
  );
  return [...(await compare(manager, byHour, [agentTypes])), ...(await compare(manager, byKind, [agentTypes]))];
}

/** What the rollups of all agents say otherwise than those of the single agents do. */
export async function sumDifferences(manager: EntityManager): Promise<Difference[]> {
  const byHour = comparison(
    'agent_type, hour',
    `SELECT '*' AS agent_type, hour, ${OF_ROLLUPS} FROM test_rollups_by_hour WHERE agent_type = '*' GROUP BY 2`,
    `SELECT '*' AS agent_type, hour, ${OF_ROLLUPS} FROM test_rollups_by_hour WHERE agent_type <> '*' GROUP BY 2`,
    OUTCOMES,
  );
  const byKind = comparison(
    'agent_type, category, difficulty',
    `SELECT '*' AS agent_type, category, difficulty, ${OF_ROLLUPS} FROM test_rollups_by_kind WHERE agent_type = '*' GROUP BY 2, 3`,
    `SELECT '*' AS agent_type, category, difficulty, ${OF_ROLLUPS} FROM test_rollups_by_kind WHERE agent_type <> '*' GROUP BY 2, 3`,
    OUTCOMES,
  );
  return [...(await compare(manager, byHour, [])), ...(await compare(manager, byKind, []))];
}

/** What the rollups of agents say otherwise than their rows do. */
export async function agentRollupDifferences(manager: EntityManager): Promise<Difference[]> {
  const sums = comparison(
    'agent_type, current_difficulty',
    `SELECT '*' AS agent_type, current_difficulty, sum(agents) AS agents,
            ${AGENT_SUMS.map((sum) => `sum(${sum}) AS ${sum}`).join(', ')}
       FROM agent_rollups GROUP BY 2`,
    `SELECT '*' AS agent_type, current_difficulty, count(*) AS agents, count(*) FILTER (WHERE is_active) AS active_agents,
            sum(learning_score::numeric) AS learning_score, sum(total_learning_cycles) AS learning_cycles, sum(xp) AS xp,
            sum(level) AS level, sum(total_tests_passed) AS tests_passed, sum(total_tests_failed) AS tests_failed,
            sum(adversarial_wins) AS adversarial_wins, sum(custody_xp) AS custody_xp, sum(custody_level) AS custody_level
       FROM agent_metrics GROUP BY 2`,
    ['agents', ...AGENT_SUMS],
  );
  return compare(manager, sums, []);
}

/** Rows of `kept` and of `expected` with the same key but other sums; a row of nothing but zeros is as good as none. */
function comparison(key: string, kept: string, expected: string, sums: readonly string[]): string {
  const values = (of: string): string => sums.map((sum) => `coalesce(${of}.${sum}, 0)`).join(', ');
  const shown = (of: string): string =>
    sums.map((sum) => `'${sum} ' || trim_scale(coalesce(${of}.${sum}, 0)::numeric)`).join(", ', ', ");
  return `
    WITH kept AS MATERIALIZED (${kept}), expected AS MATERIALIZED (${expected})
    SELECT agent_type, concat_ws(', ', ${key.split(', ').slice(1).join(', ')}) AS place,
           concat(${shown('kept')}) AS kept, concat(${shown('expected')}) AS expected
      FROM kept FULL JOIN expected USING (${key})
     WHERE (${values('kept')}) IS DISTINCT FROM (${values('expected')})`;
}

async function compare(manager: EntityManager, comparison: string, parameters: unknown[]): Promise<Difference[]> {
  const rows = await manager.query<Row[]>(comparison, parameters);
  return rows.map(({ agent_type, place, kept, expected }) => ({
    agent_type,
    in: 'rollup',
    problem: `of ${place} is ${kept ?? 'missing'}, and should be ${expected ?? 'missing'}`,
  }));
}
