import type { AgentState } from '../../progression/index.js';

/** An agent that has passed no test for longer than this is overdue. */
export const OVERDUE_AFTER_MS = 24 * 60 * 60_000;

/** The delays that an operator may set. */
export interface ScheduleDelays {
  /** From a test to the next regular one. */
  testIntervalMs: number;
  /** From a failed test to its retry. */
  retryDelayMs: number;
}

/** What the schedule looks at. */
export type ScheduledAgent = Pick<
  AgentState,
  'created_at' | 'last_test_date' | 'last_success' | 'last_failure' | 'consecutive_failures'
>;

/** When an agent is to be tested. */
export interface Schedule {
  last_test_date: Date | null;
  /** When the next regular test is due; null before the first test, which is due at once. */
  next_regular_test_at: Date | null;
  /** When a failed test is to be retried; null unless the newest test was failed. */
  retry_at: Date | null;
  /** Whichever of the two comes next: the retry where there is one. */
  next_test_at: Date | null;
  is_due: boolean;
  is_overdue: boolean;
  /** Since when it is overdue; null when it isn't. */
  overdue_since: Date | null;
}

export function scheduleOf(agent: ScheduledAgent, delays: ScheduleDelays, now: Date): Schedule {
  const { last_test_date } = agent;
  const next_regular_test_at = after(last_test_date, delays.testIntervalMs);
  const retry_at = after(newestFailure(agent), delays.retryDelayMs);
  const next_test_at = retry_at ?? next_regular_test_at;
  // An agent that has never passed a test has had since its creation to do so.
  const limit = new Date((agent.last_success ?? agent.created_at).getTime() + OVERDUE_AFTER_MS);
  const is_overdue = now > limit;
  return {
    last_test_date,
    next_regular_test_at,
    retry_at,
    next_test_at,
    is_due: next_test_at === null || now >= next_test_at,
    is_overdue,
    overdue_since: is_overdue ? limit : null,
  };
}

/** When the newest test was failed; null when it was passed. By its time: a result may arrive late. */
function newestFailure({ last_success, last_failure, consecutive_failures }: ScheduledAgent): Date | null {
  if (last_failure === null || last_success === null || last_failure > last_success) return last_failure;
  const sameTime = last_failure.getTime() === last_success.getTime();
  return sameTime && consecutive_failures > 0 ? last_failure : null;
}

function after(time: Date | null, milliseconds: number): Date | null {
  return time && new Date(time.getTime() + milliseconds);
}
