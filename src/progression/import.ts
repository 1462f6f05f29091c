import { type AgentState, SETTABLE_COLUMNS } from './agent-state.js';
import { type EventPayloads, type ImportedColumns, IMPORTED_TIMES } from './events.js';
import type { JsonObject } from './json.js';

/** Columns that an import sets. Sorted as in canonical JSON, like the payload below, to speed up hashing of bulk imports. */
export const IMPORTED_COLUMNS = [...SETTABLE_COLUMNS, ...IMPORTED_TIMES].sort();

/**
 * Creates the payload of an import event.
 *
 * @param original source records, unchanged
 */
export function toImportPayload(agent: AgentState, original: readonly JsonObject[]): EventPayloads['imported'] {
  const columns: Record<string, unknown> = {};
  for (const column of IMPORTED_COLUMNS) {
    const value = agent[column];
    columns[column] = value instanceof Date ? value.toISOString() : value;
  }
  return {
    columns: columns as ImportedColumns,
    created_at: agent.created_at.toISOString(),
    id: agent.id,
    original: [...original],
  };
}

/** Returns the agent with the imported columns applied. */
export function withImported(agent: AgentState, columns: ImportedColumns): AgentState {
  return { ...agent, ...columns, ...withTimes(columns) } as AgentState;
}

type Times<Value> = Partial<Record<(typeof IMPORTED_TIMES)[number], Value>>;

/** Converts the times among these columns. */
export function withTimes(columns: Times<string | null>): Times<Date | null> {
  const times: Times<Date | null> = {};
  for (const name of IMPORTED_TIMES) {
    const time = columns[name];
    if (time !== undefined) times[name] = time === null ? null : new Date(time);
  }
  return times;
}
