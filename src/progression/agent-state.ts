import type { JsonObject } from './json.js';

/**
 * The state of one agent, which is what folding its events gives. Names are those of the table's columns and of the
 * API's fields, so that one word means one thing from psql to the client.
 */
export interface AgentState {
  id: string;
  agent_id: string;
  agent_type: string;
  /** Number of the newest event folded in: 1, 2, 3, … */
  version: number;
  learning_score: number;
  /** Ratios 0–1, as learning reports them. */
  success_rate: number;
  failure_rate: number;
  /** Tests passed / tests given, 0–1. */
  pass_rate: number;
  total_learning_cycles: number;
  last_learning_cycle: Date | null;
  last_success: Date | null;
  last_failure: Date | null;
  xp: number;
  level: number;
  prestige: number;
  current_difficulty: string;
  total_tests_given: number;
  total_tests_passed: number;
  total_tests_failed: number;
  consecutive_successes: number;
  consecutive_failures: number;
  last_test_date: Date | null;
  /** Oldest first, as are the two lists below. */
  test_history: JsonObject[];
  custody_level: number;
  custody_xp: number;
  adversarial_wins: number;
  learning_patterns: unknown[];
  improvement_suggestions: unknown[];
  status: string;
  is_active: boolean;
  priority: string;
  capabilities: unknown;
  config: unknown;
  created_at: Date;
  updated_at: Date;
}

/** What tells an agent apart; a reset keeps it. */
export type AgentIdentity = Pick<AgentState, 'id' | 'agent_id' | 'agent_type' | 'created_at'>;

/** The defaults of an agent that has done nothing yet. */
export function defaultState(
  { id, agent_id, agent_type, created_at }: AgentIdentity,
  version: number,
  updatedAt: Date,
): AgentState {
  return {
    id,
    agent_id,
    agent_type,
    version,
    learning_score: 0,
    success_rate: 0,
    failure_rate: 0,
    pass_rate: 0,
    total_learning_cycles: 0,
    last_learning_cycle: null,
    last_success: null,
    last_failure: null,
    xp: 0,
    level: 1,
    prestige: 0,
    current_difficulty: 'basic',
    total_tests_given: 0,
    total_tests_passed: 0,
    total_tests_failed: 0,
    consecutive_successes: 0,
    consecutive_failures: 0,
    last_test_date: null,
    test_history: [],
    custody_level: 1,
    custody_xp: 0,
    adversarial_wins: 0,
    learning_patterns: [],
    improvement_suggestions: [],
    status: 'idle',
    is_active: true,
    priority: 'medium',
    capabilities: null,
    config: null,
    created_at,
    updated_at: updatedAt,
  };
}

/** What custody tests have made of an agent; a reset of its custody puts these back to their defaults. */
const CUSTODY_COLUMNS = [
  'pass_rate',
  'failure_rate',
  'last_success',
  'last_failure',
  'current_difficulty',
  'total_tests_given',
  'total_tests_passed',
  'total_tests_failed',
  'consecutive_successes',
  'consecutive_failures',
  'last_test_date',
  'test_history',
  'custody_level',
  'custody_xp',
  'adversarial_wins',
] as const satisfies (keyof AgentState)[];

/** The agent as if it had never taken a test, custody or adversarial; general XP, level and learning stay. */
export function withoutCustody(state: AgentState): AgentState {
  const defaults = defaultState(state, state.version, state.updated_at);
  return { ...state, ...Object.fromEntries(CUSTODY_COLUMNS.map((column) => [column, defaults[column]])) };
}

/** The columns that `snapshot` takes: every number and word that commands change, without lists, times and settings. */
export const SNAPSHOT_COLUMNS = [
  'learning_score',
  'success_rate',
  'failure_rate',
  'pass_rate',
  'total_learning_cycles',
  'xp',
  'level',
  'prestige',
  'current_difficulty',
  'total_tests_given',
  'total_tests_passed',
  'total_tests_failed',
  'consecutive_successes',
  'consecutive_failures',
  'custody_level',
  'custody_xp',
  'adversarial_wins',
  'status',
  'is_active',
  'priority',
] as const satisfies (keyof AgentState)[];

/** The agent's numbers after an event: what the event records as its result and what answers are made of. */
export type AgentSnapshot = Pick<AgentState, (typeof SNAPSHOT_COLUMNS)[number]>;

/** A literal, in the order of canonical JSON: copying in a loop would take several times as long, as would the hash. */
export function snapshot(state: AgentState): AgentSnapshot {
  return {
    adversarial_wins: state.adversarial_wins,
    consecutive_failures: state.consecutive_failures,
    consecutive_successes: state.consecutive_successes,
    current_difficulty: state.current_difficulty,
    custody_level: state.custody_level,
    custody_xp: state.custody_xp,
    failure_rate: state.failure_rate,
    is_active: state.is_active,
    learning_score: state.learning_score,
    level: state.level,
    pass_rate: state.pass_rate,
    prestige: state.prestige,
    priority: state.priority,
    status: state.status,
    success_rate: state.success_rate,
    total_learning_cycles: state.total_learning_cycles,
    total_tests_failed: state.total_tests_failed,
    total_tests_given: state.total_tests_given,
    total_tests_passed: state.total_tests_passed,
    xp: state.xp,
  };
}
