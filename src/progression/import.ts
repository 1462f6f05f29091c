import type { AgentState } from './agent-state.js';
import { SETTABLE_COLUMNS } from './commands.js';
import { type EventPayloads, type ImportedColumns, IMPORTED_TIMES } from './events.js';
import type { JsonObject } from './json.js';

/**
 * The event that takes over an agent as it was elsewhere.
 *
 * @param original what the agent was made of, as it was found
 */
export function importOf(agent: AgentState, original: readonly JsonObject[]): EventPayloads['imported'] {
  const columns: Record<string, unknown> = {};
  for (const column of SETTABLE_COLUMNS) columns[column] = agent[column];
  for (const time of IMPORTED_TIMES) columns[time] = agent[time]?.toISOString() ?? null;
  return {
    id: agent.id,
    created_at: agent.created_at.toISOString(),
    columns: columns as ImportedColumns,
    original: [...original],
  };
}

/** The agent with the columns that an import says. */
export function withImported(agent: AgentState, columns: ImportedColumns): AgentState {
  const times: Partial<Record<(typeof IMPORTED_TIMES)[number], Date | null>> = {};
  for (const time of IMPORTED_TIMES) times[time] = columns[time] === null ? null : new Date(columns[time]);
  return { ...agent, ...columns, ...times } as AgentState;
}
