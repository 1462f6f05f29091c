import { GENESIS_HASH } from '../../../src/ledger/hash-chain.js';
import { draw } from './draws.js';
import { custodyXpForLevel } from './rules-in-sql.js';

const AGENTS_OF_A_LEARNING_SCORE = 10;
/** Any prime that is larger than the number of agents: neighbours in the order of creation are not in the ranking. */
const PRIME = 2_654_435_761;
const LEARNING_CYCLES_MAX = 99;
/** Agents that pass every custody test end up at custody levels from 1 to this one. */
const CUSTODY_LEVEL_MAX = 69;
/** In percent. */
const ACTIVE = 95;

/** An agent's constant values, its state after its newest test, and that test. */
const COLUMNS = `
  number bigint, agent_type text, tests integer, custody_xp_a_test integer, custody_level_in_the_end integer,
  learning_score float8, total_learning_cycles integer, is_active boolean,

  version integer DEFAULT 0, total_tests_passed integer DEFAULT 0, total_tests_failed integer DEFAULT 0,
  consecutive_successes integer DEFAULT 0, consecutive_failures integer DEFAULT 0,
  last_success timestamptz, last_failure timestamptz,
  custody_xp integer DEFAULT 0, custody_level integer DEFAULT 1, current_difficulty text DEFAULT 'basic',
  xp integer DEFAULT 0, level integer DEFAULT 1, adversarial_wins integer DEFAULT 0,
  ledger_hash bytea DEFAULT '\\x${GENESIS_HASH.toString('hex')}',

  type text, occurred_at timestamptz, passed boolean, score float8, duration float8, category text, difficulty text,
  is_winner boolean, scenario_domain text, xp_awarded integer, prev_hash bytea`;

/**
 * All agents before their first test, in the temporary table `agent`, and the table `tested` of the same columns. All have
 * the same number of tests before them, or one more: these are spread evenly.
 */
export function createAgents(agents: number, events: number): string {
  const testsOfEach = Math.floor(events / agents);
  const withOneMore = events % agents;
  const learningScores = Math.ceil(agents / AGENTS_OF_A_LEARNING_SCORE);
  return `
    CREATE TEMPORARY TABLE agent (${COLUMNS}) ON COMMIT DROP;
    CREATE TEMPORARY TABLE tested (${COLUMNS}) ON COMMIT DROP;
    INSERT INTO agent (number, agent_type, learning_score, tests)
    SELECT number, 'bench-' || number, number * ${PRIME} % ${learningScores} / 10::float8,
           ${testsOfEach} + (number * ${withOneMore} % ${agents} < ${withOneMore})::integer
      FROM generate_series(0::bigint, ${agents - 1}) number;
    UPDATE agent
       SET total_learning_cycles = ${draw('learning cycles', LEARNING_CYCLES_MAX + 1)},
           is_active = ${draw('activity', 100)} < ${ACTIVE},
           custody_level_in_the_end = 1 + ${draw('custody level', CUSTODY_LEVEL_MAX)};
    UPDATE agent SET custody_xp_a_test = ${custodyXpForLevel('custody_level_in_the_end')} / greatest(tests, 1)`;
}
