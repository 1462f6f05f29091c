import { type AgentState, COLUMNS, RANGED_COLUMNS } from './agent-state.js';
import { type FieldError, findOutOfRange } from './ranges.js';

/** Broken invariants of an agent. They must hold after every event. */
export function violations(state: AgentState): FieldError[] {
  const { total_tests_given: given, total_tests_passed: passed, total_tests_failed: failed } = state;
  const errors: FieldError[] = [];
  for (const column of RANGED_COLUMNS) errors.push(...findOutOfRange(state, [column], COLUMNS[column].range));
  if (given !== passed + failed) {
    errors.push({
      field: 'total_tests_given',
      detail: `must be total_tests_passed + total_tests_failed, but ${given} is not ${passed} + ${failed}`,
    });
  }
  if (state.consecutive_successes > 0 && state.consecutive_failures > 0) {
    errors.push({
      field: 'consecutive_failures',
      detail: `must be 0 while consecutive_successes is ${state.consecutive_successes}: the newest test was passed or failed, not both`,
    });
  }
  return errors;
}
