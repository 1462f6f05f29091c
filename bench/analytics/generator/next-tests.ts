import { CATEGORIES } from '../../../src/progression/commands.js';
import { CUSTODY_LEVELS_PER_DIFFICULTY } from '../../../src/progression/levels.js';
import { type Draw, draw, drawWord } from './draws.js';
import { custodyLevelForXp, difficultyForCustodyLevel, levelForXp } from './rules-in-sql.js';

/** The service's default. */
const PASS_MARK = 70;
const ADVERSARIAL_XP = 40;
const SCENARIO_DOMAINS = ['system_security', 'data_processing', 'creative_problem', 'physical_simulation'];
const MOMENTS = 1_000_000;

/** Of the columns of `agent`, those that tests do not change. */
const KEPT = [
  'number',
  'agent_type',
  'tests',
  'custody_xp_a_test',
  'custody_level_in_the_end',
  'learning_score',
  'total_learning_cycles',
  'is_active',
];

/** SQL of the others, as `src/progression/evolve.ts` has it. */
const AFTER_TEST = {
  version: 'version + 1',
  total_tests_passed: 'total_tests_passed + passes::integer',
  total_tests_failed: 'total_tests_failed + (NOT passes)::integer',
  consecutive_successes: 'CASE WHEN passes THEN consecutive_successes + 1 ELSE 0 END',
  consecutive_failures: 'CASE WHEN passes THEN 0 ELSE consecutive_failures + 1 END',
  last_success: 'CASE WHEN passes THEN at ELSE last_success END',
  last_failure: 'CASE WHEN passes THEN last_failure ELSE at END',
  custody_xp: 'new_custody_xp',
  custody_level: 'new_custody_level',
  current_difficulty: difficultyForCustodyLevel('new_custody_level'),
  xp: 'new_xp',
  level: levelForXp('new_xp'),
  adversarial_wins: 'adversarial_wins + wins::integer',
  ledger_hash: `sha256(ledger_hash || convert_to(agent_type, 'UTF8'))`,
};

/** One in four custody tests is a step harder than what the agent's last custody level asks for. */
const CUSTODY_DIFFICULTY = difficultyForCustodyLevel(
  `(custody_level_in_the_end + ${CUSTODY_LEVELS_PER_DIFFICULTY} * (${oneIn(4, 'harder')})::integer)`,
);

/** SQL of what the event says of the test. */
const TEST = {
  type: `CASE WHEN adversarial THEN 'adversarial_test' ELSE 'custody_test' END`,
  occurred_at: 'at',
  passed: 'passes',
  score: `CASE WHEN passes THEN ${PASS_MARK} + ${draw('score', 100 * (100 - PASS_MARK) + 1)} / 100::float8
               ELSE ${draw('score', 100 * PASS_MARK)} / 100::float8 END`,
  duration: `CASE WHEN NOT adversarial THEN 30 + ${draw('duration', 6_000)} / 10::float8 END`,
  category: `CASE WHEN NOT adversarial THEN ${drawWord('category', CATEGORIES, 1)} END`,
  difficulty: `CASE WHEN adversarial THEN current_difficulty ELSE ${CUSTODY_DIFFICULTY} END`,
  is_winner: 'CASE WHEN adversarial THEN wins END',
  scenario_domain: `CASE WHEN adversarial THEN ${drawWord('scenario', SCENARIO_DOMAINS)} END`,
  xp_awarded: 'new_custody_xp - custody_xp + new_xp - xp',
  prev_hash: 'ledger_hash',
};

/**
 * Gives every agent that has at least $1 tests before it the next one, and puts it into `tested` as it is then, in the
 * order of time. Each test of an agent has an equal part of the $3 milliseconds from $2 on to itself.
 */
export const GIVE_NEXT_TESTS = `
  INSERT INTO tested (${[...KEPT, ...Object.keys(AFTER_TEST), ...Object.keys(TEST)].join(', ')})
  WITH test AS (
    SELECT agent.*, ${oneIn(10, 'type')} AS adversarial, NOT ${oneIn(5, 'outcome')} AS passes,
           $2::timestamptz + floor((version + ${draw('time', MOMENTS)} / ${MOMENTS}::float8) / tests * $3::float8)
                             * interval '1 millisecond' AS at
      FROM agent WHERE tests - version >= $1
  ), outcome AS (
    SELECT test.*, adversarial AND passes AND ${oneIn(2, 'win')} AS wins,
           custody_xp + CASE WHEN passes AND NOT adversarial THEN custody_xp_a_test ELSE 0 END AS new_custody_xp,
           xp + CASE WHEN passes AND adversarial THEN ${ADVERSARIAL_XP} ELSE 0 END AS new_xp
      FROM test
  ), levels AS (
    SELECT outcome.*, ${custodyLevelForXp('new_custody_xp')} AS new_custody_level FROM outcome
  )
  SELECT ${[...KEPT, ...Object.values(AFTER_TEST), ...Object.values(TEST)].join(', ')} FROM levels ORDER BY levels.at`;

/** Rows of the new `agent`: `tested`, and the agents that had no test this time, by the same $1. */
export const ADD_UNTESTED = `
  INSERT INTO tested SELECT * FROM agent WHERE tests - version < $1`;

export const START_FROM_TESTED = `
  ALTER TABLE agent RENAME TO former;
  ALTER TABLE tested RENAME TO agent;
  ALTER TABLE former RENAME TO tested;
  TRUNCATE tested`;

function oneIn(count: number, what: Draw): string {
  return `${draw(what, count)} = 0`;
}
