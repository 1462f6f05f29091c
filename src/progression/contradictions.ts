import type { AgentState } from './agent-state.js';
import type { MetricsUpdate } from './commands.js';
import { testRates } from './test-results.js';
import type { FieldError } from './ranges.js';

/** Tolerance of a rate compared with the counters: clients round to two digits. */
const RATE_TOLERANCE = 0.005 + Number.EPSILON;

type NumberColumn = 'consecutive_successes' | 'consecutive_failures' | 'adversarial_wins';
type CounterColumn = 'total_tests_passed' | 'total_tests_failed' | 'total_tests_given';
const AT_MOST: readonly [NumberColumn, CounterColumn][] = [
  ['consecutive_successes', 'total_tests_passed'],
  ['consecutive_failures', 'total_tests_failed'],
  ['adversarial_wins', 'total_tests_given'],
];

/**
 * Finds values of an update that contradict the agent's counters. Contradictions that existed before the update are
 * accepted: imported agents may have them, and a client may send back a complete row.
 *
 * @param before null if the update creates the agent
 */
export function contradictions(before: AgentState | null, after: AgentState, update: MetricsUpdate): FieldError[] {
  return [...rates(before, after, update), ...limits(before, after)];
}

function rates(before: AgentState | null, after: AgentState, update: MetricsUpdate): FieldError[] {
  const { total_tests_given: given, total_tests_passed: passed, total_tests_failed: failed } = after;
  const derived = testRates(after);
  const counts = { pass_rate: passed, failure_rate: failed };
  const errors: FieldError[] = [];
  for (const rate of ['pass_rate', 'failure_rate'] as const) {
    const named = update[rate];
    if (named === undefined || named === before?.[rate]) continue;
    // Before the first test, learning reports the failure rate.
    if (rate === 'failure_rate' && given === 0) continue;
    if (Math.abs(named - derived[rate]) <= RATE_TOLERANCE) continue;
    const detail = `must follow from the counters, ${counts[rate]} of ${given} tests, or be left out; but is ${named}`;
    errors.push({ field: rate, detail });
  }
  return errors;
}

function limits(before: AgentState | null, after: AgentState): FieldError[] {
  const errors: FieldError[] = [];
  for (const [column, counter] of AT_MOST) {
    const isNew = before?.[column] !== after[column] || before[counter] !== after[counter];
    if (!isNew || after[column] <= after[counter]) continue;
    errors.push({
      field: column,
      detail: `must be at most ${counter}, which is ${after[counter]}, but is ${after[column]}`,
    });
  }
  return errors;
}
