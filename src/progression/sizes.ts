import type { AgentState } from './agent-state.js';
import type { Command } from './commands.js';
import { sortedJson } from './json.js';
import type { FieldError } from './ranges.js';

/** Maximum sizes of JSON values of an agent, in bytes (UTF-8). */
export interface SizeLimits {
  /** Each of capabilities and config. */
  document: number;
  /** Each item of a list. */
  listItem: number;
}

const DOCUMENTS = ['capabilities', 'config'] as const;
const LISTS = ['test_history', 'learning_patterns', 'improvement_suggestions'] as const;

/** Fields of a command that have a size limit. */
type Sized = Partial<Record<(typeof DOCUMENTS)[number], unknown>> &
  Partial<Record<(typeof LISTS)[number], readonly unknown[] | undefined>>;

/**
 * Finds documents and list items of a command that exceed the size limits. Values that the agent already has are
 * accepted, so that a client may send back a complete row. Imports are not limited.
 */
export function tooLong(command: Command, state: AgentState | null, limits: SizeLimits): FieldError[] {
  if (command.type !== 'update' && command.type !== 'learning') return [];
  const data: Sized = command.data;
  return [
    ...DOCUMENTS.flatMap((field) => longValues(field, [data[field]], [state?.[field]], limits.document)),
    ...LISTS.flatMap((field) => longValues(field, data[field] ?? [], state?.[field] ?? [], limits.listItem)),
  ];
}

function longValues(field: string, values: readonly unknown[], stored: readonly unknown[], most: number): FieldError[] {
  const long = values.filter((value) => countBytes(value) > most);
  if (long.length === 0) return [];
  const known = new Set(stored.map(sortedJson));
  const first = long.find((value) => !known.has(sortedJson(value)));
  if (first === undefined) return [];
  const subject = (DOCUMENTS as readonly string[]).includes(field) ? 'must be' : 'must have items of';
  return [{ field, detail: `${subject} at most ${most} bytes as JSON, but ${countBytes(first)} were sent` }];
}

function countBytes(value: unknown): number {
  return value === undefined ? 0 : Buffer.byteLength(JSON.stringify(value));
}
