import { type AgentState, COUNT } from '../../progression/index.js';
import type { RowReader } from './row-reader.js';

type Newest = Pick<AgentState, 'test_history' | 'last_success' | 'last_failure'>;

/**
 * The streaks, of which at most one can be positive. If both are, the newest test decides: the last entry of the history,
 * else the later of last_success and last_failure. If both are unknown, the failure streak is kept.
 */
export function toStreaks(
  reader: RowReader,
  newest: Newest,
): Pick<AgentState, 'consecutive_successes' | 'consecutive_failures'> {
  const consecutive_successes = reader.number('consecutive_successes', 0, COUNT);
  const consecutive_failures = reader.number('consecutive_failures', 0, COUNT);
  if (consecutive_successes === 0 || consecutive_failures === 0) return { consecutive_successes, consecutive_failures };
  if (isNewestPassed(newest)) {
    reader.repair('consecutive_failures', 0, 'streaks_exclude');
    return { consecutive_successes, consecutive_failures: 0 };
  }
  reader.repair('consecutive_successes', 0, 'streaks_exclude');
  return { consecutive_successes: 0, consecutive_failures };
}

function isNewestPassed({ test_history, last_success, last_failure }: Newest): boolean {
  const passed = test_history.at(-1)?.['passed'];
  if (typeof passed === 'boolean') return passed;
  return last_success !== null && (last_failure === null || last_success > last_failure);
}
