import type { CustodyThresholds } from './rules/standing.js';

/** The evaluator that scores administered tests. */
export interface EvaluatorSettings {
  url: string;
  /** Key of the request signatures, `whsec_…`; undefined: not signed. */
  secret: string | undefined;
  timeoutMs: number;
}

/** Settings of the custody protocol. */
export interface CustodySettings {
  /** Requirements of the gates, and the test schedule. */
  custody: CustodyThresholds;
  /** Null: no test can be administered. */
  evaluator: EvaluatorSettings | null;
}

/** Injection token of the settings. */
export const CUSTODY_SETTINGS = Symbol('CustodySettings');
