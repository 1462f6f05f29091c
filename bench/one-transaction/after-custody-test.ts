import type { AgentState } from '../../src/progression/agent-state.js';
import { custodyLevelForXp, difficultyForCustodyLevel } from '../../src/progression/levels.js';

const HISTORY_LENGTH = 50;
const DEFAULT_XP = 10;

/** An agent's row as `pg` reads it. */
export type AgentRow = AgentState & { ledger_hash: Buffer | null };

/** The body of the request. */
export interface CustodyTest {
  passed: boolean;
  score: number;
  duration: number;
  timestamp?: string;
  xp_awarded?: number;
}

/** A test as stored in the ledger, with all defaults. */
export function payloadOf(agent: AgentRow, test: CustodyTest, now: Date) {
  return {
    passed: test.passed,
    score: test.score,
    duration: test.duration,
    timestamp: (test.timestamp === undefined ? now : new Date(test.timestamp)).toISOString(),
    xp_awarded: test.passed ? (test.xp_awarded ?? DEFAULT_XP) : 0,
    difficulty: agent.current_difficulty,
    test_history_size: HISTORY_LENGTH,
  };
}
export type Payload = ReturnType<typeof payloadOf>;

/** The row after the test: counters, rates, streaks, dates, custody XP and level, history. */
export function afterCustodyTest(agent: AgentRow, { test_history_size, ...result }: Payload, now: Date): AgentRow {
  const { passed, xp_awarded } = result;
  const time = new Date(result.timestamp);
  const given = agent.total_tests_given + 1;
  const passes = agent.total_tests_passed + (passed ? 1 : 0);
  const failures = given - passes;
  const custodyXp = agent.custody_xp + xp_awarded;
  const custodyLevel = Math.max(agent.custody_level, custodyLevelForXp(custodyXp));
  return {
    ...agent,
    version: agent.version + 1,
    total_tests_given: given,
    total_tests_passed: passes,
    total_tests_failed: failures,
    pass_rate: passes / given,
    failure_rate: failures / given,
    consecutive_successes: passed ? agent.consecutive_successes + 1 : 0,
    consecutive_failures: passed ? 0 : agent.consecutive_failures + 1,
    last_success: passed ? later(agent.last_success, time) : agent.last_success,
    last_failure: passed ? agent.last_failure : later(agent.last_failure, time),
    last_test_date: later(agent.last_test_date, time),
    custody_xp: custodyXp,
    custody_level: custodyLevel,
    current_difficulty:
      custodyLevel === agent.custody_level ? agent.current_difficulty : difficultyForCustodyLevel(custodyLevel),
    test_history: [...agent.test_history, { test_type: 'custody', ...result }].slice(-test_history_size),
    updated_at: now,
  };
}

function later(known: Date | null, time: Date): Date {
  return known && known > time ? known : time;
}
