import type { AgentState } from './agent-state.js';
import type { AgentEvent, EventType, VoidedColumns } from './events.js';
import { evolve } from './evolve.js';
import { IMPORTED_COLUMNS } from './import.js';
import { sortedJson } from './json.js';

/** Types of events that can be voided. All others create, replace or reset the agent, or have no effect. */
const VOIDABLE: readonly EventType[] = ['custody_test', 'adversarial_test', 'learning', 'custody_xp', 'updated'];

/** Whether events of this type can be voided. */
export function isVoidable(type: string): boolean {
  return VOIDABLE.some((voidable) => voidable === type);
}

/** An event to be voided, and the agent without it. */
export interface Voiding {
  /** null: the agent has no such event. */
  event: AgentEvent | null;
  /** Version of the event that voided it; null if it counts. */
  voidedBy: number | null;
  /** State that the agent would have without the event. */
  without: AgentState | null;
}

/**
 * Folds an event into a state that does not contain voided events.
 *
 * @param isVoided whether the event is voided
 */
export function evolveWithout(state: AgentState | null, event: AgentEvent, isVoided: boolean): AgentState | null {
  if (!isVoided && event.type !== 'voided') return evolve(state, event);
  return state && { ...state, version: event.version, updated_at: event.recorded_at };
}

/** Returns the columns of `after` that differ from those of `before`, as JSON. */
export function changedColumns(before: AgentState, after: AgentState): VoidedColumns {
  const changed: Record<string, unknown> = {};
  for (const column of IMPORTED_COLUMNS) {
    const [was, is] = [toJson(before[column]), toJson(after[column])];
    if (sortedJson(was) !== sortedJson(is)) changed[column] = is;
  }
  return changed;
}

function toJson(value: unknown): unknown {
  return value instanceof Date ? value.toISOString() : value;
}
