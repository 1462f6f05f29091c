import { selectEarned } from '../../rollups/index.js';
import { ENTRY, ENTRY_COLUMNS, type LeaderboardStart } from './leaderboard-statements.js';

/** Agents with equal scores share a rank; the agent type makes the order of their entries stable. */
const SCORES = '-(earned.xp + earned.custody_xp), -earned.passed';
const KEYS = '-(xp + custody_xp), -passed, agent_type COLLATE "C"';

/** Condition of the entries of a page. */
const STARTS: Record<LeaderboardStart, string> = {
  top: 'true',
  after: `(${KEYS}) > (-$4::float8, -$5::float8, $6::text)`,
  around: 'position >= (SELECT position FROM ranked WHERE agent_type = $4) - $5::integer',
};

/**
 * Statement of the leaderboard of a period. $1 limit, $2 and $3 start and end of the period; `after`: $4–$6 sort keys of the
 * previous entry; `around`: $4 agent type, $5 maximum number of entries before it. All agents of the period are ranked; only
 * those of the page are read.
 *
 * @param condition condition of the ranked agents, on columns of `agent_metrics`. The planner applies a condition on
 *   `agent_type` to the rollups
 */
export function buildPeriodPage(start: LeaderboardStart, condition: string): string {
  return `
  WITH earned AS (${selectEarned('$2::timestamptz', '$3::timestamptz')}
  ), ranked AS MATERIALIZED (
    SELECT earned.*, rank() OVER (ORDER BY ${SCORES})::integer AS rank,
           row_number() OVER (ORDER BY ${SCORES}, agent_type COLLATE "C")::integer AS position
      FROM earned JOIN agent_metrics agent USING (agent_type) WHERE ${condition}
  ), page AS MATERIALIZED (
    SELECT * FROM ranked WHERE ${STARTS[start]} ORDER BY position LIMIT $1
  ), entry AS (
    SELECT ${ENTRY_COLUMNS} FROM agent_metrics WHERE agent_type IN (SELECT agent_type FROM page)
  )
  SELECT rank, ${ENTRY.replaceAll(/\b(custody_xp|xp)\b/g, 'entry.$1')},
         json_build_object('xp', page.xp, 'custody_xp', page.custody_xp, 'tests', page.tests, 'passed', page.passed) AS earned
    FROM page JOIN entry USING (agent_type) ORDER BY position`;
}
