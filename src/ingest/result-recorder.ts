import type { CaseEvidence, CaseOutcome } from './evaluation-case.js';

/** Maximum number of items of a batch. */
export const BATCH_MAX = 1_000;
/** Maximum size of a batch as JSON, in bytes. Below the limit of a request body. */
export const BATCH_MAX_BYTES = 900_000;

/** A result of an agent, as `POST /api/agent-metrics/results` takes it. */
export interface BatchItem {
  /** Idempotency key of the agent. */
  id: string;
  agent_type: string;
  type: 'custody_test';
  outcome: CaseOutcome;
  /** Absent if errored. */
  score?: number;
  /** Seconds; null: unknown. */
  duration: number | null;
  /** ISO 8601. */
  timestamp?: string;
  category: string;
  evidence: Partial<CaseEvidence>;
}

export interface BatchOutcome {
  /** Index of the item in the batch. */
  index: number;
  id: string;
  agent_type: string;
  status: 'recorded' | 'replayed' | 'refused';
  version?: number;
  /** The reason for a refusal. */
  problem?: { status?: number; code?: string; title?: string; detail?: string };
}

/** Nothing, or a part, of a batch was recorded. The batch can be sent again. */
export class TemporaryFailure extends Error {
  override readonly name = 'TemporaryFailure';

  constructor(
    override readonly cause: Error,
    /** Time to wait before the next attempt; null: not known. */
    readonly retryAfterMs: number | null,
  ) {
    super(cause.message, { cause });
  }
}

/** Records batches of at most BATCH_MAX results and BATCH_MAX_BYTES. */
export interface ResultRecorder {
  /**
   * Returns an outcome for each item, in any order.
   *
   * @throws TemporaryFailure
   */
  record(items: readonly BatchItem[]): Promise<readonly BatchOutcome[]>;
}
