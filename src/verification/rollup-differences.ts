import type { EntityManager } from 'typeorm';
import { BY_KIND } from '../database/migrations/index.js';
import type { Difference } from './difference.js';
import { findTestedNames, selectTests } from './merged-tests.js';
import { NAMED_SUMS, OUTCOMES } from './rollup-sums.js';

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

/** Differences between the rollups of the agents and their events. */
export async function findTestRollupDifferences(
  manager: EntityManager,
  agentTypes: readonly string[],
): Promise<Difference[]> {
  const byHour = buildComparison(
    'agent_type, hour',
    `SELECT agent_type, hour, ${NAMED_SUMS} FROM test_rollups_by_hour WHERE agent_type = ANY($1) GROUP BY 1, 2`,
    `SELECT agent_type, hour, ${NAMED_SUMS} FROM ${selectTests('$2')} GROUP BY 1, 2`,
    OUTCOMES,
  );
  const byKind = buildComparison(
    'agent_type, category, difficulty',
    `SELECT agent_type, category, difficulty, ${NAMED_SUMS} FROM test_rollups_by_kind WHERE agent_type = ANY($1) GROUP BY 1, 2, 3`,
    `SELECT agent_type, category, difficulty, ${NAMED_SUMS} FROM ${selectTests('$2')} WHERE ${BY_KIND.condition} GROUP BY 1, 2, 3`,
    OUTCOMES,
  );
  const parameters = [agentTypes, await findTestedNames(manager, agentTypes)];
  return [...(await compare(manager, byHour, parameters)), ...(await compare(manager, byKind, parameters))];
}

/** Differences between the rollups over all agents and those of the single agents. */
export async function findSumDifferences(manager: EntityManager): Promise<Difference[]> {
  const byHour = buildComparison(
    'agent_type, hour',
    `SELECT '*' AS agent_type, hour, ${NAMED_SUMS} FROM test_rollups_by_hour WHERE agent_type = '*' GROUP BY 2`,
    `SELECT '*' AS agent_type, hour, ${NAMED_SUMS} FROM test_rollups_by_hour WHERE agent_type <> '*' GROUP BY 2`,
    OUTCOMES,
  );
  const byKind = buildComparison(
    'agent_type, category, difficulty',
    `SELECT '*' AS agent_type, category, difficulty, ${NAMED_SUMS} FROM test_rollups_by_kind WHERE agent_type = '*' GROUP BY 2, 3`,
    `SELECT '*' AS agent_type, category, difficulty, ${NAMED_SUMS} FROM test_rollups_by_kind WHERE agent_type <> '*' GROUP BY 2, 3`,
    OUTCOMES,
  );
  return [...(await compare(manager, byHour, [])), ...(await compare(manager, byKind, []))];
}

/** Differences between the rollups of agents and the metrics rows. */
export async function findAgentRollupDifferences(manager: EntityManager): Promise<Difference[]> {
  const sums = buildComparison(
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

/** SQL for the rows of `kept` and `expected` with the same key and different sums. A missing row equals zeros. */
function buildComparison(key: string, kept: string, expected: string, sums: readonly string[]): string {
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
    problem: `of ${place} is ${kept ?? 'missing'}; expected ${expected ?? 'missing'}`,
  }));
}
