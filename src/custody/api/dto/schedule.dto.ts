import type { Schedule } from '../../rules/schedule.js';

/** When an agent is to be tested. */
export class ScheduleDto implements Schedule {
  /**
   * When the newest test ended; null before the first one.
   * @example 2026-11-23T09:12:03.120Z
   */
  last_test_date!: Date | null;
  /**
   * When the next regular test is due: 4 hours (setting) after the newest one; null before the first test.
   * @example 2026-11-23T13:12:03.120Z
   */
  next_regular_test_at!: Date | null;
  /**
   * When the newest test is to be retried, if it was failed: 2 hours (setting) after it.
   */
  retry_at!: Date | null;
  /**
   * When the next test is due: the retry, or else the regular one. null before the first test, which is due at once.
   * @example 2026-11-23T13:12:03.120Z
   */
  next_test_at!: Date | null;
  /**
   * Whether that time has come.
   * @example false
   */
  is_due!: boolean;
  /**
   * Whether no test was passed for more than 24 hours, or since the agent was created.
   * @example false
   */
  is_overdue!: boolean;
  /**
   * Since when it is overdue; null when it isn't.
   */
  overdue_since!: Date | null;
}
