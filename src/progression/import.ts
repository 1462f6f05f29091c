import { type AgentState, SETTABLE_COLUMNS } from './agent-state.js';
import { type EventPayloads, type ImportedColumns, IMPORTED_TIMES } from './events.js';
import type { JsonObject } from './json.js';

/** Sorted as in canonical JSON, like the payload below, to speed up hashing of bulk imports. */
const COLUMNS = [...SETTABLE_COLUMNS, ...IMPORTED_TIMES].sort();

/**
 * Creates the payload of an import event.
 *
 * @param original source records, unchanged
 */
export function toImportPayload(agent: AgentState, original: readonly JsonObject[]): EventPayloads['imported'] {
  const columns: Record<string, unknown> = {};
  for (const column of COLUMNS) {
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
  const times: Partial<Record<(typeof IMPORTED_TIMES)[number], Date | null>> = {};
  for (const time of IMPORTED_TIMES) times[time] = columns[time] === null ? null : new Date(columns[time]);
  return { ...agent, ...columns, ...times } as AgentState;
}
