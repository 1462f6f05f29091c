import { type AgentState, SETTABLE_COLUMNS } from './agent-state.js';
import { type EventPayloads, type ImportedColumns, IMPORTED_TIMES } from './events.js';
import type { JsonObject } from './json.js';

/** In the order of canonical JSON, as is the payload below: many imports are hashed at once. */
const COLUMNS = [...SETTABLE_COLUMNS, ...IMPORTED_TIMES].sort();

/**
 * The event that takes over an agent as it was elsewhere.
 *
 * @param original what the agent was made of, as it was found
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

/** The agent with the columns that an import says. */
export function withImported(agent: AgentState, columns: ImportedColumns): AgentState {
  const times: Partial<Record<(typeof IMPORTED_TIMES)[number], Date | null>> = {};
  for (const time of IMPORTED_TIMES) times[time] = columns[time] === null ? null : new Date(columns[time]);
  return { ...agent, ...columns, ...times } as AgentState;
}
