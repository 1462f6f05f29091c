import type { AgentState } from '../../progression/index.js';

/** Time without a passed test after which an agent is overdue. */
export const OVERDUE_AFTER_MS = 24 * 60 * 60_000;

/** Delays of the schedule (settings). */
export interface ScheduleDelays {
  /** From a test to the next regular one. */
  testIntervalMs: number;
  /** From a failed test to its retry. */
  retryDelayMs: number;
}

/** The columns that the schedule uses. */
export type ScheduledAgent = Pick<
  AgentState,
  'created_at' | 'last_test_date' | 'last_success' | 'last_failure' | 'consecutive_failures'
>;

/** Due times of an agent's tests. */
export interface Schedule {
  last_test_date: Date | null;
  /** Due time of the next regular test; null before the first test, which is due immediately. */
  next_regular_test_at: Date | null;
  /** Due time of the retry; null unless the newest test failed. */
  retry_at: Date | null;
  /** The retry if there is one, else the regular test. */
  next_test_at: Date | null;
  is_due: boolean;
  is_overdue: boolean;
  /** Start of the overdue period; null if the agent is not overdue. */
  overdue_since: Date | null;
}

export function computeSchedule(agent: ScheduledAgent, delays: ScheduleDelays, now: Date): Schedule {
  const { last_test_date } = agent;
  const next_regular_test_at = addMilliseconds(last_test_date, delays.testIntervalMs);
  const retry_at = addMilliseconds(findNewestFailure(agent), delays.retryDelayMs);
  const next_test_at = retry_at ?? next_regular_test_at;
  // Counted from the creation of an agent that never passed a test.
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

/** Time of the newest test if it failed; null if it passed. Compared by time, because results can arrive late. */
function findNewestFailure({ last_success, last_failure, consecutive_failures }: ScheduledAgent): Date | null {
  if (last_failure === null || last_success === null || last_failure > last_success) return last_failure;
  const sameTime = last_failure.getTime() === last_success.getTime();
  return sameTime && consecutive_failures > 0 ? last_failure : null;
}

function addMilliseconds(time: Date | null, milliseconds: number): Date | null {
  return time && new Date(time.getTime() + milliseconds);
}
