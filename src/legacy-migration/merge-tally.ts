import type { AgentRows } from './legacy-rows.js';

/** Maximum number of merged agents in the report. */
const AGENTS_NAMED = 100;

export const MERGE_RULE =
  'The metrics are those of the row that was updated last (updated_at, then created_at, then total_tests_given). ' +
  "All rows are stored in the agent's imported event.";

interface MergedAgent {
  agent_type: string;
  rows: number;
  /** Identifies the row whose metrics are used. */
  numbers_of: { id: string | null; agent_id: string | null; updated_at: string | null };
}

export interface MergeReport {
  rule: string;
  /** Number of agents with more than one row, and of their rows. */
  agents: number;
  rows: number;
  /** The first 100 merged agents. */
  first: MergedAgent[];
}

/** Counts agents and merged agents. Rows of an agent can be added in several consecutive parts. */
export class MergeTally {
  agents = 0;
  rows = 0;
  private current: MergedAgent | null = null;
  private readonly merged: MergeReport = { rule: MERGE_RULE, agents: 0, rows: 0, first: [] };

  add(agent_type: string, { newest, rows, continues }: AgentRows): void {
    this.rows += rows.length;
    if (continues && this.current) {
      this.current.rows += rows.length;
      return;
    }
    this.close();
    const numbers_of = {
      id: newest['id'] ?? null,
      agent_id: newest['agent_id'] ?? null,
      updated_at: newest['updated_at'] ?? null,
    };
    this.current = { agent_type, rows: rows.length, numbers_of };
    this.agents += 1;
  }

  report(): MergeReport {
    this.close();
    return this.merged;
  }

  private close(): void {
    if (this.current && this.current.rows > 1) {
      this.merged.agents += 1;
      this.merged.rows += this.current.rows;
      if (this.merged.first.length < AGENTS_NAMED) this.merged.first.push(this.current);
    }
    this.current = null;
  }
}
