import type { AgentState } from './agent-state.js';
import type { EventPayloads } from './events.js';
import { sortedJson } from './json.js';

/** Maximum length of a value in an `edit_discarded` event, in characters. */
const TEXT_MAX_LENGTH = 4_096;

/**
 * Creates the payload of the event that discards a modification made outside the service: each modified column, with its value in the
 * ledger and in the row. Lists and documents are recorded as JSON text, because a manual edit may contain numbers that
 * exceed a double.
 */
export function discardedEdit(ledger: AgentState, found: AgentState): EventPayloads['edit_discarded'] {
  const columns: Record<string, { ledger: unknown; found: unknown }> = {};
  for (const column of Object.keys(ledger) as (keyof AgentState)[]) {
    const [before, after] = [plain(ledger[column]), plain(found[column])];
    if (sortedJson(before) !== sortedJson(after)) columns[column] = { ledger: kept(before), found: kept(after) };
  }
  return { columns };
}

/** Converts a value to JSON. Times may be infinite in PostgreSQL; numbers may be NaN or infinite. */
function plain(value: unknown): unknown {
  if (value instanceof Date) return Number.isNaN(value.getTime()) ? 'no time' : value.toISOString();
  return typeof value === 'number' && !Number.isFinite(value) ? String(value) : (value ?? null);
}

function kept(value: unknown): unknown {
  const plainValue = typeof value === 'object' && value !== null ? JSON.stringify(value) : value;
  if (typeof plainValue !== 'string' || plainValue.length <= TEXT_MAX_LENGTH) return plainValue;
  return `${plainValue.slice(0, TEXT_MAX_LENGTH).toWellFormed()}…`;
}
