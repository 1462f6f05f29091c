import { asDouble } from './as-double.js';

/** Amounts that an agent earned in a period, from tests, learning and added custody XP that are not voided. */
export interface Earned {
  /** General XP. */
  xp: number;
  /** Custody XP; negative if more was subtracted than earned. */
  custody_xp: number;
  /** Judged tests. */
  tests: number;
  /** Tests passed. */
  passed: number;
}

/**
 * SELECT of what each agent earned in the period, from the rollups by hour: `agent_type` and the members of Earned. Agents that earned nothing and had no judged test are omitted.
 *
 * @param from start of the first hour, as SQL
 * @param to end of the last hour, as SQL
 */
export function selectEarned(from: string, to: string): string {
  return `
    SELECT agent_type, ${asDouble('sum(xp)')} AS xp, ${asDouble('sum(custody_xp)')} AS custody_xp,
           sum(tests)::float8 AS tests, sum(passed)::float8 AS passed
      FROM test_rollups_by_hour
     WHERE agent_type <> '*' AND hour >= ${from} AND hour < ${to}
     GROUP BY agent_type HAVING sum(tests) > 0 OR sum(xp + custody_xp) > 0`;
}
