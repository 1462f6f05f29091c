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

/** What a gate of the custody protocol demands of an agent, beside what the agent has. */
export interface Requirement {
  /** For programs. */
  code: (typeof REQUIREMENT_CODES)[number];
  /** In words. */
  name: string;
  /** How what the agent has must compare with what is required. */
  comparison: (typeof COMPARISONS)[number];
  required: number | boolean;
  /** null: there is nothing to compare yet. */
  actual: number | boolean | null;
  /** What the numbers count; null for yes or no. */
  unit: (typeof UNITS)[number] | null;
  met: boolean;
  /**
   * Of a time limit: the last moment at which it is met. While it is met that lies ahead; afterwards it says since when it
   * isn't. null where time doesn't matter, or the clock hasn't begun.
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

/** @param limitMs how long ago it may have been, the last millisecond included */
export function within({ code, name }: Subject, limitMs: number, happenedAt: Date | null, now: Date): Requirement {
  // A result may be timestamped some minutes ahead of the clock: then it is as good as now.
  const ageMs = happenedAt && Math.max(0, now.getTime() - happenedAt.getTime());
  return {
    code,
    name,
    comparison: 'at_most',
    required: inSeconds(limitMs),
    actual: ageMs === null ? null : inSeconds(ageMs),
    unit: 'seconds',
    met: ageMs !== null && ageMs <= limitMs,
    until: happenedAt && new Date(happenedAt.getTime() + limitMs),
  };
}

export function isTrue({ code, name }: Subject, actual: boolean): Requirement {
  return { code, name, comparison: 'equal', required: true, actual, unit: null, met: actual, until: null };
}

function inSeconds(milliseconds: number): number {
  return milliseconds / 1_000;
}
