/**
 * The body of a PUT that names every column a PUT may set, each with a value that is not its default and, but for
 * the rates of tests, that no rule would give it.
 */
export function createFullUpdate(overrides: Record<string, unknown> = {}) {
  return {
    agent_id: 'guardian of the gate',
    learning_score: 412.5,
    success_rate: 0.9,
    failure_rate: 0.1,
    pass_rate: 0.9,
    total_learning_cycles: 12,
    xp: 6_000,
    level: 7,
    prestige: 2,
    current_difficulty: 'expert',
    total_tests_given: 10,
    total_tests_passed: 9,
    total_tests_failed: 1,
    consecutive_successes: 4,
    consecutive_failures: 0,
    test_history: [{ score: 71, passed: true, note: 'ünï 🙂' }],
    custody_level: 9,
    custody_xp: 350,
    adversarial_wins: 1,
    learning_patterns: ['retries hide races', { nested: [1, null, true] }],
    improvement_suggestions: ['write the failing test first', 42],
    status: 'active',
    is_active: false,
    priority: 'high',
    capabilities: { languages: ['typescript'] },
    config: [{ temperature: 0.2 }],
    ...overrides,
  };
}

/** The columns that a PUT may set: every column but id, the timestamps and agent_type. */
export const SETTABLE_COLUMNS = Object.keys(createFullUpdate());
