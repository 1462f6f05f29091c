import type { GateThresholds } from './rules/eligibility.js';
import type { ScheduleDelays } from './rules/schedule.js';
import type { CustodySettings, EvaluatorSettings } from './settings.js';

const HOUR_MS = 60 * 60_000;
const DEFAULT_TIMEOUT_MS = 60_000;

/** Options of CustodyModule. Omitted ones have the defaults of the service. */
export interface CustodyOptions {
  /** Requirements to propose work. Defaults: fewer than 3 failures in a row, a test passed in the last 24 hours. */
  propose?: Partial<GateThresholds['propose']> | undefined;
  /** Requirements to level up. Defaults: pass rate 0.8, at most 2 failures in a row, 100 custody XP. */
  levelUp?: Partial<GateThresholds['levelUp']> | undefined;
  /** Defaults: the next regular test after 4 hours, a retry after 2 hours. */
  schedule?: Partial<ScheduleDelays> | undefined;
  /** The evaluator that scores administered tests. Default: none; tests cannot be administered. */
  evaluator?: (Pick<EvaluatorSettings, 'url'> & Partial<EvaluatorSettings>) | null | undefined;
}

/** Applies the defaults. */
export function toCustodySettings({ propose, levelUp, schedule, evaluator }: CustodyOptions): CustodySettings {
  return {
    custody: {
      propose: { maxFailureStreak: 3, passWindowMs: 24 * HOUR_MS, ...propose },
      levelUp: { minPassRate: 0.8, maxFailureStreak: 2, minCustodyXp: 100, ...levelUp },
      schedule: { testIntervalMs: 4 * HOUR_MS, retryDelayMs: 2 * HOUR_MS, ...schedule },
    },
    evaluator: evaluator ? { secret: undefined, timeoutMs: DEFAULT_TIMEOUT_MS, ...evaluator } : null,
  };
}
