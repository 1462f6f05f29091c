import { type AgentState, SETTABLE_COLUMNS } from './agent-state.js';
import { type EventPayloads, type ImportedColumns, IMPORTED_TIMES, type MergedAgent } from './events.js';
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

/**
 * The state of an agent that is merged into another one.
 *
 * @param agent after its last event
 * @param head hash of this event, in hexadecimal
 */
export function toMergedAgent(agent: AgentState, head: string): MergedAgent {
  const { agent_type, version } = agent;
  return { agent_type, columns: toImportPayload(agent, []).columns, head, version };
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
