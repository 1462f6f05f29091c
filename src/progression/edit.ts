import type { AgentState } from './agent-state.js';
import type { Change } from './change.js';

/** The longest text that the event of a discarded edit keeps of a value, in characters. */
const TEXT_MAX_LENGTH = 4_096;

/**
 * The event that discards what was changed in an agent's row past the service: each column's value before and after. Of a
 * list or document that is its JSON as text: by hand it may have got numbers that no double holds.
 */
export function discardedEdit(ledger: AgentState, found: AgentState): Change {
  const columns: Record<string, { ledger: unknown; found: unknown }> = {};
  for (const column of Object.keys(ledger) as (keyof AgentState)[]) {
    const [before, after] = [plain(ledger[column]), plain(found[column])];
    if (sortedJson(before) !== sortedJson(after)) columns[column] = { ledger: kept(before), found: kept(after) };
  }
  return { type: 'edit_discarded', payload: { columns } };
}

/** The value as JSON has it. A time may be infinite in PostgreSQL, and a number may be none. */
function plain(value: unknown): unknown {
  if (value instanceof Date) return Number.isNaN(value.getTime()) ? 'no time' : value.toISOString();
  return typeof value === 'number' && !Number.isFinite(value) ? String(value) : (value ?? null);
}

function kept(value: unknown): unknown {
  const plainValue = typeof value === 'object' && value !== null ? JSON.stringify(value) : value;
  if (typeof plainValue !== 'string' || plainValue.length <= TEXT_MAX_LENGTH) return plainValue;
  return `${plainValue.slice(0, TEXT_MAX_LENGTH).toWellFormed()}…`;
}

/** Whatever the order of keys, which jsonb doesn't keep. */
function sortedJson(value: unknown): string {
  return JSON.stringify(value, (_, item: unknown) =>
    typeof item === 'object' && item !== null && !Array.isArray(item)
      ? Object.fromEntries(Object.entries(item).sort(([one], [other]) => (one < other ? -1 : 1)))
      : item,
  );
}
