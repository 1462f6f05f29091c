/** What the old backend's answers show of an agent, in its order. */

export const OLD_RESET = [
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

export const OLD_TEST_STATUS = [...OLD_RESET, 'last_test_date', 'test_history'] as const;

export const OLD_CURRENT_STATUS = [
  'total_tests_passed',
  'consecutive_failures',
  'custody_xp',
  'last_test_date',
  'last_success',
  'is_active',
] as const;

/** Of an agent, in the live analytics. */
export const OLD_LIVE_STATUS = ['level', 'current_difficulty', 'test_history', 'learning_patterns'] as const;

/** Of the sums over all agents. */
export const OLD_OVERALL = [
  'total_tests_given',
  'total_tests_passed',
  'total_tests_failed',
  'overall_pass_rate',
] as const;

/** What the overview names as features. */
export const OLD_FEATURES = [
  'rigorous_ai_testing',
  'level_based_difficulty',
  'proposal_eligibility_control',
  'continuous_monitoring',
  'self_improvement_tracking',
  'cross_ai_collaboration_validation',
] as const;
