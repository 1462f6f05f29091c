import { type AgentState, FIXED_COLUMNS, type FixedColumn } from './agent-state.js';
import type { FieldError } from './ranges.js';

/** Fixed columns as a client read them: times as text, with the hash of the agent's newest event in hexadecimal. */
export type FixedColumns = {
  [Column in FixedColumn]?: (AgentState[Column] extends Date | null ? string | null : AgentState[Column]) | undefined;
} & { ledger_hash?: string | null | undefined };

/** An agent that doesn't exist yet has none of them but its type. */
type ComparedAgent = Partial<Pick<AgentState, FixedColumn>> & { agent_type: string; ledger_hash: string | null };

/**
 * The fixed columns that an update names and that aren't the agent's. They change nothing, so that a row which was read
 * before may be sent back whole; where they differ, the client doesn't know the agent as it is.
 */
export function disagreements(agent: ComparedAgent, update: FixedColumns): FieldError[] {
  const errors: FieldError[] = [];
  for (const column of [...FIXED_COLUMNS, 'ledger_hash'] as const) {
    const named = update[column];
    if (named === undefined) continue;
    const actual = agent[column] ?? null;
    if (actual instanceof Date ? isSameTime(named, actual) : named === actual) continue;
    const detail = `must be left out or be what the agent has, which is ${JSON.stringify(actual)}`;
    errors.push({ field: column, detail });
  }
  return errors;
}

/** To the millisecond, which is what a Date holds; UTC where the text names no zone. */
function isSameTime(named: string | number | null, actual: Date): boolean {
  if (typeof named !== 'string') return false;
  return [named, `${named}Z`].some((text) => new Date(text).getTime() === actual.getTime());
}
