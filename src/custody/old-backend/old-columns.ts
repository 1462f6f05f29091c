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

/** Of an agent's standing. */
export const OLD_LIVE_STATUS = [
  'status',
  'is_active',
  'current_difficulty',
  'custody_level',
  'custody_xp',
  'total_tests_given',
  'total_tests_passed',
  'total_tests_failed',
  'pass_rate',
  'consecutive_successes',
  'consecutive_failures',
  'last_test_date',
  'next_test_at',
  'is_due',
  'is_overdue',
] as const;

/** Of the sums over all agents. */
export const OLD_OVERALL = [
  'total_tests_given',
  'total_tests_passed',
  'total_tests_failed',
  'overall_pass_rate',
] as const;
