import { SNAPSHOT_COLUMNS } from '../../progression/index.js';

/** Columns in each response, in order of output. */

export const CUSTODY_METRICS = [
  'total_tests_given',
  'total_tests_passed',
  'total_tests_failed',
  'current_difficulty',
  'last_test_date',
  'consecutive_successes',
  'consecutive_failures',
  'test_history',
  'custody_level',
  'custody_xp',
  'level',
  'xp',
  'pass_rate',
  'failure_rate',
] as const;

export const AFTER_CUSTODY_TEST = ['total_tests_given', 'total_tests_passed', 'custody_level', 'custody_xp'] as const;

export const AFTER_ADVERSARIAL_TEST = [
  'total_tests_given',
  'total_tests_passed',
  'adversarial_wins',
  'xp',
  'level',
] as const;

export const AFTER_CUSTODY_XP = ['custody_xp', 'custody_level', 'current_difficulty'] as const;

export const AFTER_LEARNING = [
  'learning_score',
  'total_learning_cycles',
  'success_rate',
  'failure_rate',
  'xp',
  'level',
] as const;

/** Sums over all agents in the overview. */
export const OVERVIEW_SUMMARY = [
  'total_learning_score',
  'total_xp',
  'total_tests_given',
  'total_tests_passed',
  'average_level',
] as const;

/** All scalar columns of the snapshot. */
export const AFTER_UPDATE = ['version', ...SNAPSHOT_COLUMNS] as const;

/** Picks columns of an object. */
export function pick<T extends object, Column extends keyof T>(from: T, columns: readonly Column[]): Pick<T, Column> {
  const picked: Partial<Pick<T, Column>> = {};
  for (const column of columns) picked[column] = from[column];
  return picked as Pick<T, Column>;
}
