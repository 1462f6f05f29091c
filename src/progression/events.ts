import type { AgentSnapshot, AgentState, SettableColumn } from './agent-state.js';
import type { AdversarialTestResult, CustodyTestResult, LearningData, MetricsUpdate } from './commands.js';
import type { JsonObject } from './json.js';

/** What is decided of every test when it is recorded. */
interface DecidedTest {
  passed: boolean;
  /** ISO 8601 in UTC; JSON has no dates. */
  timestamp: string;
  /** XP really awarded: 0 when the test failed. */
  xp_awarded: number;
  difficulty: string;
  /** How many entries the history keeps with this one. */
  test_history_size: number;
}

/** Times that only recorded results set, and imports. */
export const IMPORTED_TIMES = ['last_learning_cycle', 'last_success', 'last_failure', 'last_test_date'] as const;

/** What an import sets: all of an agent but what tells it apart; times as ISO 8601 in UTC. */
export type ImportedColumns = Pick<AgentState, SettableColumn> & Record<(typeof IMPORTED_TIMES)[number], string | null>;

/**
 * Payloads: the command as it was accepted, with everything that was decided at the time (defaults, outcome, window
 * sizes), so that folding needs neither clock nor settings.
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
   * The agent's row was changed past the service, and the change is discarded: the agent stays as the ledger has it. For
   * each column that was changed, its value in the ledger and the one that was found.
   */
  edit_discarded: { columns: Record<string, { ledger: unknown; found: unknown }> };
  /** Numbers that came from elsewhere. As an agent's first event it creates the agent; later ones keep id and created_at. */
  imported: {
    id: string;
    created_at: string;
    columns: ImportedColumns;
    /** What they were made of, as it was found: rows of a table, or an entry of a file. */
    original: JsonObject[];
  };
}
export type EventType = keyof EventPayloads;

interface EventHead {
  agent_type: string;
  version: number;
  rules_version: number;
  /** When it happened, as the client said; otherwise when it was recorded. */
  occurred_at: Date;
  recorded_at: Date;
}

/** A change to one agent that was decided: what `evolve` folds. */
export type AgentEvent = {
  [Type in EventType]: EventHead & { type: Type; payload: EventPayloads[Type] };
}[EventType];

/** What an event led to, which the answer to its request is made of. */
export interface EventResult {
  /** Whether the request created the agent. */
  created: boolean;
  /** The agent's numbers after the event. */
  metrics: AgentSnapshot;
}

/** An event with what it led to. */
export type DecidedEvent = AgentEvent & { result: EventResult };
