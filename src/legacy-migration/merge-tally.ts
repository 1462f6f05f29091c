import type { RowsOfAgent } from './legacy-rows.js';

/** Merged agents that are named. */
const AGENTS_NAMED = 100;

export const MERGE_RULE =
  'The row that was updated last (updated_at, then created_at, then total_tests_given) gives the numbers. ' +
  "All rows stand in the agent's imported event.";

interface MergedAgent {
  agent_type: string;
  rows: number;
  /** What tells the row that gives the numbers. */
  numbers_of: { id: string | null; agent_id: string | null; updated_at: string | null };
}

export interface MergeReport {
  rule: string;
  /** Agents that had more than one row, and how many rows those are. */
  agents: number;
  rows: number;
  /** The first 100 of these agents. */
  first: MergedAgent[];
}

/** Counts agents, and those that had several rows. Rows of an agent may come in parts, one after the other. */
export class MergeTally {
  agents = 0;
  rows = 0;
  private current: MergedAgent | null = null;
  private readonly merged: MergeReport = { rule: MERGE_RULE, agents: 0, rows: 0, first: [] };

  add(agent_type: string, { newest, rows, continues }: RowsOfAgent): void {
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
