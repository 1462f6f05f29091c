/** Columns of an agent in the responses of the old backend, in its order. */

export const RESET_COLUMNS = [
  'total_tests_given',
  'total_tests_passed',
  'total_tests_failed',
  'pass_rate',
  'current_difficulty',
  'custody_level',
  'custody_xp',
  'consecutive_successes',
  'consecutive_failures',
] as const;

export const TEST_STATUS_COLUMNS = [...RESET_COLUMNS, 'last_test_date', 'test_history'] as const;

export const CURRENT_STATUS_COLUMNS = [
  'total_tests_passed',
  'consecutive_failures',
  'custody_xp',
  'last_test_date',
  'last_success',
  'is_active',
] as const;

/** Columns of an agent in the live analytics. */
export const LIVE_STATUS_COLUMNS = ['level', 'current_difficulty', 'test_history', 'learning_patterns'] as const;

/** Sums over all agents. */
export const OVERALL_COLUMNS = [
  'total_tests_given',
  'total_tests_passed',
  'total_tests_failed',
  'overall_pass_rate',
] as const;

/** Outcomes of a set of tests. */
export const OUTCOME_FIELDS = ['tests', 'passed', 'pass_rate', 'average_score', 'average_duration'] as const;

/** Features in the overview. */
export const FEATURES = [
  'rigorous_ai_testing',
  'level_based_difficulty',
  'proposal_eligibility_control',
  'continuous_monitoring',
  'self_improvement_tracking',
  'cross_ai_collaboration_validation',
] as const;
