export const REQUIREMENT_CODES = [
  'tests_passed',
  'failure_streak',
  'recent_pass',
  'active',
  'recent_tests',
  'recent_pass_rate',
  'custody_xp',
] as const;
export const COMPARISONS = ['at_least', 'at_most', 'equal'] as const;
export const UNITS = ['tests', 'seconds', 'ratio', 'XP'] as const;

/** A requirement of a gate, with its required and actual value. */
export interface Requirement {
  /** Machine-readable identifier. */
  code: (typeof REQUIREMENT_CODES)[number];
  /** Human-readable description. */
  name: string;
  /** How `actual` must compare with `required`. */
  comparison: (typeof COMPARISONS)[number];
  required: number | boolean;
  /** null if there is no value yet. */
  actual: number | boolean | null;
  /** Unit of the values; null for boolean values. */
  unit: (typeof UNITS)[number] | null;
  met: boolean;
  /**
   * End of the period in which a time-limited requirement is met, also after it has passed. null if the requirement is not
   * time-limited, or there is no value yet.
   */
  until: Date | null;
}

type Subject = Pick<Requirement, 'code' | 'name'>;
type Unit = Requirement['unit'];

export function atLeast({ code, name }: Subject, required: number, actual: number | null, unit: Unit): Requirement {
  const met = actual !== null && actual >= required;
  return { code, name, comparison: 'at_least', required, actual, unit, met, until: null };
}

export function atMost({ code, name }: Subject, required: number, actual: number, unit: Unit): Requirement {
  return { code, name, comparison: 'at_most', required, actual, unit, met: actual <= required, until: null };
}

/** @param limitMs maximum age, inclusive */
export function within({ code, name }: Subject, limitMs: number, happenedAt: Date | null, now: Date): Requirement {
  // The time of a result can be some minutes in the future; its age is then 0.
  const ageMs = happenedAt && Math.max(0, now.getTime() - happenedAt.getTime());
  return {
    code,
    name,
    comparison: 'at_most',
    required: toSeconds(limitMs),
    actual: ageMs === null ? null : toSeconds(ageMs),
    unit: 'seconds',
    met: ageMs !== null && ageMs <= limitMs,
    until: happenedAt && new Date(happenedAt.getTime() + limitMs),
  };
}

export function isTrue({ code, name }: Subject, actual: boolean): Requirement {
  return { code, name, comparison: 'equal', required: true, actual, unit: null, met: actual, until: null };
}

function toSeconds(milliseconds: number): number {
  return milliseconds / 1_000;
}
