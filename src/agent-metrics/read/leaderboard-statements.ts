import { RECENT_SCORE, toRepresentableTime } from '../../database/values/index.js';

const WIN_RATE =
  'CASE WHEN total_tests_given = 0 THEN 0 ELSE adversarial_wins::double precision / total_tests_given END';
/**
 * Sort keys, best first. Numbers are negated so that all keys ascend: a single row comparison then finds a position,
 * using the index ix_agent_metrics_ranking on these expressions. Agents with equal scores share a rank; the agent type
 * makes the order of their entries stable.
 */
const SCORES = ['-learning_score', '-custody_xp', `-${WIN_RATE}`];
const KEYS = [...SCORES, 'agent_type COLLATE "C"'];
const RANK_ORDER = KEYS.join(', ');
const REVERSED = KEYS.map((key) => `${key} DESC`).join(', ');
const PLACE = KEYS.map((key, index) => `${key} AS key_${index}`).join(', ');
const KEY_NAMES = KEYS.map((_, index) => `key_${index}`).join(', ');
const SCORE_NAMES = SCORES.map((_, index) => `key_${index}`).join(', ');

/** Select list of an entry, from the metrics row. */
export const ENTRY_COLUMNS = `agent_type, level, learning_score, custody_xp, ${WIN_RATE} AS win_rate,
           ${RECENT_SCORE} AS recent_score,
           total_tests_given AS total_tests, adversarial_wins, pass_rate, xp,
           consecutive_successes, consecutive_failures, ${toRepresentableTime('last_test_date')} AS last_test_date, status`;
/** The columns of an entry, in the order of output. */
export const ENTRY = `agent_type, agent_type AS ai_type, level, learning_score, custody_xp, win_rate, recent_score, total_tests,
         adversarial_wins, pass_rate, xp, consecutive_successes, consecutive_failures, last_test_date, status`;

/** Start of a page: the first entry, the entry after a cursor, or an entry before an agent. */
export type LeaderboardStart = 'top' | 'after' | 'around';

/**
 * Statement of the leaderboard of the current metrics. $1 limit; `after`: $2–$5 sort keys of the previous entry; `around`:
 * $2 agent type, $3 maximum number of entries before it.
 *
 * @param condition condition of the ranked agents, on columns of `agent_metrics`
 */
export function buildAllTimePage(start: LeaderboardStart, condition: string): string {
  const ranked = `agent_metrics WHERE ${condition}`;
  return buildPage(PLACES[start](ranked), ranked);
}

/** First entry of a page. */
const PLACES: Record<LeaderboardStart, (ranked: string) => string> = {
  top: (ranked) => `SELECT ${PLACE} FROM ${ranked} ORDER BY ${RANK_ORDER} LIMIT 1`,
  after: (ranked) => `
    SELECT ${PLACE} FROM ${ranked}
       AND (${RANK_ORDER}) > (-$2::float8, -$3::integer, -$4::float8, $5::text)
     ORDER BY ${RANK_ORDER} LIMIT 1`,
  around: (ranked) => `
    SELECT * FROM (
      SELECT ${PLACE} FROM ${ranked}
         AND (${RANK_ORDER}) <= (SELECT ${RANK_ORDER} FROM ${ranked} AND agent_type = $2)
       ORDER BY ${REVERSED} LIMIT $3::integer + 1
    ) near ORDER BY ${KEY_NAMES} LIMIT 1`,
};

/**
 * A single statement, so that ranks and entries are consistent. Agents before the page are counted in the index: those
 * with better scores, and those with the scores of the first entry.
 */
function buildPage(place: string, ranked: string): string {
  return `
  WITH place AS MATERIALIZED (${place}
  ), better AS MATERIALIZED (
    SELECT count(*)::integer AS agents FROM ${ranked}
       AND (${SCORES.join(', ')}) < (SELECT ${SCORE_NAMES} FROM place)
  ), tied AS MATERIALIZED (
    SELECT count(*)::integer AS agents FROM ${ranked}
       AND (${SCORES.join(', ')}) = (SELECT ${SCORE_NAMES} FROM place)
       AND agent_type COLLATE "C" < (SELECT key_3 FROM place)
  ), entry AS MATERIALIZED (
    SELECT ${PLACE}, ${ENTRY_COLUMNS}
      FROM ${ranked} AND (${RANK_ORDER}) >= (SELECT * FROM place)
     ORDER BY ${RANK_ORDER} LIMIT $1
  )
  SELECT (SELECT agents FROM better) + rank() OVER by_scores::integer
           + CASE WHEN rank() OVER by_scores = 1 THEN 0 ELSE (SELECT agents FROM tied) END AS rank,
         ${ENTRY}
    FROM entry WINDOW by_scores AS (ORDER BY ${SCORE_NAMES}) ORDER BY ${KEY_NAMES}`;
}
