import { z } from 'zod';
import { parseOptions, withDefaults } from '../common/index.js';
import { INTEGER_MAX } from '../progression/index.js';
import type { GateThresholds } from './rules/eligibility.js';
import type { ScheduleDelays } from './rules/schedule.js';
import type { CustodySettings, EvaluatorSettings } from './settings.js';

const HOUR_MS = 60 * 60_000;
const YEAR_MS = 8_760 * HOUR_MS;
const DEFAULT_TIMEOUT_MS = 60_000;
const TIMEOUT_MAX_MS = 300_000;

/** Options of CustodyModule. Omitted ones have the defaults of the service. */
export interface CustodyOptions {
  /** Requirements to propose work: `maxFailureStreak`, `passWindowMs`. Defaults: at most 3 failures in a row, a test passed in the last 24 hours. */
  propose?: Partial<GateThresholds['propose']> | undefined;
  /** Requirements to level up: `minPassRate` (0–1), `maxFailureStreak`, `minCustodyXp`. Defaults: pass rate 0.8, at most 2 failures in a row, 100 custody XP. */
  levelUp?: Partial<GateThresholds['levelUp']> | undefined;
  /** `testIntervalMs`, `retryDelayMs`. Defaults: the next regular test after 4 hours, a retry after 2 hours. */
  schedule?: Partial<ScheduleDelays> | undefined;
  /** The evaluator that scores administered tests. Default: none; tests cannot be administered. */
  evaluator?: (Pick<EvaluatorSettings, 'url'> & Partial<EvaluatorSettings>) | null | undefined;
}

const count = z.number().int().min(0).max(INTEGER_MAX).optional();
const duration = z.number().positive().max(YEAR_MS).optional();

/** Unknown options are refused. */
const SCHEMA = z.strictObject({
  propose: z.strictObject({ maxFailureStreak: count, passWindowMs: duration }).optional(),
  levelUp: z
    .strictObject({ minPassRate: z.number().min(0).max(1).optional(), maxFailureStreak: count, minCustodyXp: count })
    .optional(),
  schedule: z.strictObject({ testIntervalMs: duration, retryDelayMs: duration }).optional(),
  evaluator: z
    .strictObject({
      url: z.url({ protocol: /^https?$/, error: 'must be an http:// or https:// URL' }),
      secret: z.string().startsWith('whsec_').optional(),
      timeoutMs: z.number().positive().max(TIMEOUT_MAX_MS).optional(),
    })
    .nullable()
    .optional(),
});

/**
 * Checks the options and applies the defaults.
 *
 * @throws Error with each unknown or invalid option
 */
export function toCustodySettings(options: CustodyOptions): CustodySettings {
  const { propose, levelUp, schedule, evaluator } = parseOptions('CustodyModule', SCHEMA, options);
  return {
    custody: {
      propose: withDefaults({ maxFailureStreak: 3, passWindowMs: 24 * HOUR_MS }, propose),
      levelUp: withDefaults({ minPassRate: 0.8, maxFailureStreak: 2, minCustodyXp: 100 }, levelUp),
      schedule: withDefaults({ testIntervalMs: 4 * HOUR_MS, retryDelayMs: 2 * HOUR_MS }, schedule),
    },
    evaluator: evaluator
      ? { url: evaluator.url, secret: evaluator.secret, timeoutMs: evaluator.timeoutMs ?? DEFAULT_TIMEOUT_MS }
      : null,
  };
}
