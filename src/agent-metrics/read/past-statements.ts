import type { LeaderboardStart } from './leaderboard-statements.js';

const SCORES = '-learning_score, -custody_xp, -win_rate';
const KEYS = `${SCORES}, agent_type COLLATE "C"`;

/** Metrics of an agent after an event. Older events have them in `result`. */
const METRICS = Object.entries({
  learning_score: 'float8',
  custody_xp: 'integer',
  adversarial_wins: 'integer',
  total_tests_given: 'integer',
  is_active: 'boolean',
})
  .map(([name, type]) => `coalesce(event.${name}, (event.result #>> '{metrics,${name}}')::${type}) AS ${name}`)
  .join(', ');

/** Condition of the entries of a page. */
const STARTS: Record<LeaderboardStart, string> = {
  top: 'true',
  after: `(${KEYS}) > (-$3::float8, -$4::integer, -$5::float8, $6::text)`,
  around: 'position >= (SELECT position FROM ranked WHERE agent_type = $3) - $4::integer',
};

/**
 * Statement of the places of agents as of a time. $1 limit, $2 time; `after`: $3–$6 sort keys of the previous entry;
 * `around`: $3 agent type, $4 maximum number of entries before it. The version of each agent is found by bisection, because
 * the times of its events ascend. Agents that were merged later are ranked under their own names.
 *
 * @param ofAgents condition on `agent_type` of the ranked agents
 * @param ofMerged the same condition on `name`
 */
export function buildPastPage(
  start: LeaderboardStart,
  ofAgents: string,
  ofMerged: string,
  includeInactive: boolean,
): string {
  return `
  WITH agent AS MATERIALIZED (
    SELECT agent_type FROM agent_metrics WHERE ${ofAgents}
    UNION ALL SELECT name FROM agent_aliases WHERE kind = 'merged' AND ${ofMerged}
  ), known AS MATERIALIZED (
    SELECT agent.agent_type, found.version FROM agent CROSS JOIN LATERAL (
      WITH RECURSIVE search (low, high) AS (
        SELECT 0, max(version) FROM agent_events WHERE agent_type = agent.agent_type
        UNION ALL
        SELECT CASE WHEN event.recorded_at <= $2 THEN middle ELSE low END,
               CASE WHEN event.recorded_at <= $2 THEN high ELSE middle - 1 END
          FROM (SELECT low, high, (low + high + 1) / 2 AS middle FROM search WHERE low < high) half
          JOIN agent_events event ON event.agent_type = agent.agent_type AND event.version = middle
      )
      SELECT low AS version FROM search WHERE low = high AND low > 0
    ) found
  ), scored AS MATERIALIZED (
    SELECT known.agent_type, known.version, snapshot.learning_score, snapshot.custody_xp,
           CASE WHEN snapshot.total_tests_given = 0 THEN 0
                ELSE snapshot.adversarial_wins::float8 / snapshot.total_tests_given END AS win_rate
      FROM known JOIN agent_events event ON event.agent_type = known.agent_type AND event.version = known.version
     CROSS JOIN LATERAL (SELECT ${METRICS}) snapshot
     WHERE event.type <> 'merged_into' ${includeInactive ? '' : 'AND snapshot.is_active'}
  ), ranked AS MATERIALIZED (
    SELECT scored.*, rank() OVER (ORDER BY ${SCORES})::integer AS rank,
           row_number() OVER (ORDER BY ${KEYS})::integer AS position
      FROM scored
  )
  SELECT rank, agent_type, version, win_rate FROM ranked WHERE ${STARTS[start]} ORDER BY position LIMIT $1`;
}
