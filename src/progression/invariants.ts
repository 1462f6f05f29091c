import type { AgentState } from './agent-state.js';

/** The largest value of a PostgreSQL `integer`, which every counter is. */
export const INTEGER_MAX = 2_147_483_647;
/** The largest learning score: sums over millions of agents stay exact to the unit in a double. */
export const LEARNING_SCORE_MAX = 1_000_000_000;

/** The numbers that a column may hold. */
export interface Range {
  least: number;
  most: number;
  whole?: boolean;
}

/** The range of everything that is counted. */
export const COUNT: Range = { least: 0, most: INTEGER_MAX, whole: true };

/** The range of a level, general or custody. */
export const LEVEL: Range = { ...COUNT, least: 1 };
/** The range of a learning score. */
export const LEARNING_SCORE: Range = { least: 0, most: LEARNING_SCORE_MAX };

/** The score of a test. */
export const SCORE: Range = { least: 0, most: 100 };
/** The duration of a test in seconds, at most some 31 years: a bound that sums can be sure of. */
export const DURATION: Range = { least: 0, most: 1_000_000_000 };

/** A field that breaks a rule, and how. */
export interface FieldError {
  field: string;
  detail: string;
}

const RATES = ['success_rate', 'failure_rate', 'pass_rate'] as const;
const COUNTERS = [
  'total_learning_cycles',
  'xp',
  'prestige',
  'total_tests_given',
  'total_tests_passed',
  'total_tests_failed',
  'consecutive_successes',
  'consecutive_failures',
  'custody_xp',
  'adversarial_wins',
] as const;
const LEVELS = ['level', 'custody_level'] as const;

/** What must hold of every agent after every event. Empty when all of it holds. */
export function violations(state: AgentState): FieldError[] {
  const { total_tests_given: given, total_tests_passed: passed, total_tests_failed: failed } = state;
  return [
    ...outside(state, RATES, { least: 0, most: 1 }),
    ...outside(state, COUNTERS, COUNT),
    ...outside(state, LEVELS, LEVEL),
    ...outside(state, ['learning_score'], LEARNING_SCORE),
    ...(given === passed + failed
      ? []
      : [
          {
            field: 'total_tests_given',
            detail: `must be total_tests_passed + total_tests_failed, but ${given} is not ${passed} + ${failed}`,
          },
        ]),
    ...(state.consecutive_successes > 0 && state.consecutive_failures > 0
      ? [
          {
            field: 'consecutive_failures',
            detail: `must be 0 while consecutive_successes is ${state.consecutive_successes}: the newest test was passed or failed, not both`,
          },
        ]
      : []),
  ];
}

/** Those of the fields whose number isn't in the range. A field that is left out isn't outside. */
export function outside<Field extends string>(
  values: Partial<Record<Field, number | undefined>>,
  fields: readonly Field[],
  { least, most, whole = false }: Range,
): FieldError[] {
  const errors: FieldError[] = [];
  for (const field of fields) {
    const value = values[field];
    if (value === undefined || (value >= least && value <= most && (!whole || Number.isInteger(value)))) continue;
    const kind = whole ? 'a whole number' : 'a number';
    errors.push({ field, detail: `must be ${kind} from ${least} to ${most}, but is ${value}` });
  }
  return errors;
}
