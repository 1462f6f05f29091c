import type { Schedule } from '../../rules/schedule.js';

/** Due times of an agent's tests. */
export class ScheduleDto implements Schedule {
  /**
   * End of the newest test; null before the first test.
   * @example 2026-11-23T09:12:03.120Z
   */
  last_test_date!: Date | null;
  /**
   * Due time of the next regular test: 4 hours (setting) after the newest one; null before the first test.
   * @example 2026-11-23T13:12:03.120Z
   */
  next_regular_test_at!: Date | null;
  /** Due time of the retry if the newest test failed: 2 hours (setting) after it. */
  retry_at!: Date | null;
  /**
   * Due time of the next test: the retry if there is one, else the regular test. null before the first test, which is due
   * immediately.
   * @example 2026-11-23T13:12:03.120Z
   */
  next_test_at!: Date | null;
  /**
   * Whether the next test is due.
   * @example false
   */
  is_due!: boolean;
  /**
   * Whether the agent has not passed a test for more than 24 hours, counted from its creation if it never passed one.
   * @example false
   */
  is_overdue!: boolean;
  /** Start of the overdue period; null if the agent is not overdue. */
  overdue_since!: Date | null;
}
