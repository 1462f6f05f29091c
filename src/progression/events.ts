import type { AgentSnapshot, AgentState, SettableColumn } from './agent-state.js';
import type { AdversarialTestResult, CustodyTestResult, LearningData, MetricsUpdate } from './commands.js';
import type { JsonObject } from './json.js';

/** Payload fields common to all tests, decided when the test is recorded. */
interface DecidedTest {
  /** null: the test errored, and the agent was not judged. */
  passed: boolean | null;
  /** Present if the test errored. Otherwise see `passed`. */
  outcome?: 'errored';
  /** ISO 8601 in UTC; JSON has no dates. */
  timestamp: string;
  /** XP awarded; 0 unless the test was passed. */
  xp_awarded: number;
  difficulty: string;
  /** Window size of the test history, in entries, this one included. */
  test_history_size: number;
}

/** Times that only recorded results and imports set. */
export const IMPORTED_TIMES = ['last_learning_cycle', 'last_success', 'last_failure', 'last_test_date'] as const;

/** Columns set by an import: all except the identity. Times are ISO 8601 in UTC. */
export type ImportedColumns = Pick<AgentState, SettableColumn> & Record<(typeof IMPORTED_TIMES)[number], string | null>;

/** Complete state of an agent after an event, as in the payload of an import. */
export interface Checkpoint {
  id: string;
  /** ISO 8601 in UTC. */
  created_at: string;
  columns: ImportedColumns;
}

/** Columns that a voided event changed, as an import has them. */
export type VoidedColumns = Partial<ImportedColumns>;

/**
 * Event payloads: the accepted command with all decided values (defaults, outcome, window sizes). Folding therefore
 * depends on neither the clock nor the settings.
 */
export interface EventPayloads {
  created: { id: string; agent_id: string };
  custody_test: DecidedTest & Omit<CustodyTestResult, keyof DecidedTest>;
  adversarial_test: DecidedTest & Omit<AdversarialTestResult, keyof DecidedTest>;
  learning: LearningData & { learning_patterns_size: number; improvement_suggestions_size: number };
  custody_xp: { amount: number };
  updated: MetricsUpdate;
  reset: Record<string, never>;
  custody_reset: Record<string, never>;
  /**
   * Modification of the metrics row outside the service, discarded in favor of the ledger. For each modified column: its
   * value in the ledger and the value found in the row.
   */
  edit_discarded: { columns: Record<string, { ledger: unknown; found: unknown }> };
  /**
   * Voids an earlier event. The columns are those that change, so that the agent is as if the event had not been recorded;
   * the ledger retains both.
   */
  voided: {
    /** Version of the voided event. */
    version: number;
    reason: string;
    columns: VoidedColumns;
  };
  /** Imported columns. As the first event it creates the agent; later imports keep id and created_at. */
  imported: {
    id: string;
    created_at: string;
    columns: ImportedColumns;
    /** Source records, unchanged: rows of a table, or an entry of a file. */
    original: JsonObject[];
  };
  /** New name of the agent. Later events are recorded under `to`. */
  renamed: { from: string; to: string };
  /** Another agent, merged into this one. Its events remain a hash chain of their own. */
  merged: { source: MergedAgent } & Windows;
  /** Last event of an agent that was merged into another one. */
  merged_into: { into: string };
}

/** State of an agent when it was merged into another one. */
export interface MergedAgent {
  agent_type: string;
  /** Version and hash of its last event, `merged_into`. */
  version: number;
  head: string;
  columns: ImportedColumns;
}

/** Window sizes, in entries. */
export interface Windows {
  test_history_size: number;
  learning_patterns_size: number;
  improvement_suggestions_size: number;
}

const TYPES: Record<EventType, true> = {
  created: true,
  custody_test: true,
  adversarial_test: true,
  learning: true,
  custody_xp: true,
  updated: true,
  reset: true,
  custody_reset: true,
  edit_discarded: true,
  imported: true,
  voided: true,
  renamed: true,
  merged: true,
  merged_into: true,
};
/** Types of events. */
export const EVENT_TYPES = Object.keys(TYPES) as readonly EventType[];

/** Type of an event. */
export type EventType = keyof EventPayloads;

interface EventHead {
  agent_type: string;
  version: number;
  rules_version: number;
  /** Time of the event as reported by the client; default: recorded_at. */
  occurred_at: Date;
  recorded_at: Date;
}

/** A decided change to one agent; input of `evolve`. */
export type AgentEvent = {
  [Type in EventType]: EventHead & { type: Type; payload: EventPayloads[Type] };
}[EventType];

/** Result of an event; source of the response. */
export interface EventResult {
  /** Whether the request created the agent. */
  created: boolean;
  /** Snapshot of the agent after the event. */
  metrics: AgentSnapshot;
  /** Complete state after the event, at every CHECKPOINT_INTERVAL-th version. */
  checkpoint?: Checkpoint;
}

/** An event with its result. */
export type DecidedEvent = AgentEvent & { result: EventResult };
