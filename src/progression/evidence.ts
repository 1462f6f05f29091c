/** Maximum lengths of the texts of an evidence in characters, and of its details in bytes of JSON (UTF-8). */
export const EVIDENCE_TEXT_MAX_LENGTH = 200;
export const EVIDENCE_URL_MAX_LENGTH = 2_000;
export const EVIDENCE_REASON_MAX_LENGTH = 2_000;
export const EVIDENCE_DETAILS_MAX_BYTES = 16_384;

/** Origin of a test result. Part of the event and its hash; not part of the metrics row. Fields in alphabetical order. */
export interface Evidence {
  /** Version of the agent that was tested. */
  agent_version?: string | undefined;
  /** Number of the attempt: 1, 2, 3, … */
  attempt?: number | undefined;
  /** Identifies the case within the run. */
  case_id?: string | undefined;
  /** Any JSON. */
  details?: unknown;
  environment?: string | undefined;
  /** Who or what evaluated the test: a person, a model, a scorer. */
  evaluator?: string | undefined;
  /** Model of the agent. */
  model?: string | undefined;
  /** Reason for the outcome. */
  reason?: string | undefined;
  /** Identifies the run of the tool. */
  run_id?: string | undefined;
  /** Tool that produced the result. */
  source?: string | undefined;
  url?: string | undefined;
}

/** Fields of an evidence that results can be filtered and grouped by. */
export const EVIDENCE_FILTERS = ['run_id', 'agent_version', 'environment', 'source', 'model'] as const;
