import { type AgentState, FIXED_COLUMNS, type FixedColumn } from './agent-state.js';
import type { FieldError } from './ranges.js';

/** Fixed columns as read by a client: times as text, the hash of the agent's newest event in hexadecimal. */
export type FixedColumns = {
  [Column in FixedColumn]?: (AgentState[Column] extends Date | null ? string | null : AgentState[Column]) | undefined;
} & { ledger_hash?: string | null | undefined };

/** An agent that does not exist has its type only. */
type ComparedAgent = Partial<Pick<AgentState, FixedColumn>> & { agent_type: string; ledger_hash: string | null };

/**
 * Finds fixed columns of an update that differ from the agent's. Equal values are accepted and have no effect, so that a
 * client may send back a complete row; a difference means that the client's copy is outdated.
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

/** Compares to the millisecond. Text without a time zone is UTC. */
function isSameTime(named: string | number | null, actual: Date): boolean {
  if (typeof named !== 'string') return false;
  return [named, `${named}Z`].some((text) => new Date(text).getTime() === actual.getTime());
}
