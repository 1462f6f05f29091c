import { type AgentState, defaultState, namesSince } from './agent-state.js';
import type { Checkpoint, ImportedColumns } from './events.js';
import { toImportPayload, withImported } from './import.js';

/** Number of versions between two events whose results contain the complete state of the agent. */
export const CHECKPOINT_INTERVAL = 500;

/** Whether the result of the event with this version contains a checkpoint. */
export function isCheckpoint(version: number): boolean {
  return version % CHECKPOINT_INTERVAL === 0;
}

/**
 * Returns the state as a checkpoint.
 *
 * @param rulesVersion rules version of the event; columns that later versions introduced are omitted
 */
export function toCheckpoint(state: AgentState, rulesVersion: number): Checkpoint {
  const { id, created_at, columns } = toImportPayload(state, []);
  const later = namesSince(rulesVersion);
  const known = Object.fromEntries(Object.entries(columns).filter(([name]) => !later.has(name)));
  return { columns: known as ImportedColumns, created_at, id };
}

/** Returns the state of a checkpoint. Event: the one whose result contains it. */
export function fromCheckpoint(
  { id, created_at, columns }: Checkpoint,
  event: { agent_type: string; version: number; recorded_at: Date },
): AgentState {
  const identity = { id, agent_id: columns.agent_id, agent_type: event.agent_type, created_at: new Date(created_at) };
  return withImported(defaultState(identity, event.version, event.recorded_at), columns);
}
