import type { CaseEvidence, CaseOutcome } from './evaluation-case.js';

/** Most items of a batch. */
export const BATCH_MAX = 1000;

/** A result of an agent, as `POST /api/agent-metrics/results` takes it. */
export interface BatchItem {
  /** Idempotency key of the agent. */
  id: string;
  agent_type: string;
  type: 'custody_test';
  outcome: CaseOutcome;
  /** Absent if errored. */
  score?: number;
  /** Seconds. Absent if errored and unknown; 0 if another outcome has none in the file. */
  duration?: number;
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
  /** Why it was refused. */
  problem?: { code?: string; title?: string; detail?: string };
}

/** Records batches of at most BATCH_MAX results. */
export interface ResultRecorder {
  /** Returns an outcome for each item. */
  record(items: readonly BatchItem[]): Promise<readonly BatchOutcome[]>;
}
