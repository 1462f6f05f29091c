import { validationFailed } from './domain-error.js';
import { findUnstorable } from './json-text.js';
import { parseJson } from './parse-json.js';

/** Items on a page: by default, which is also the most. */
export const PAGE_LIMIT = 1_000;
const CURSOR_MAX_LENGTH = 1_000;

export interface PageRequest {
  /** 1–PAGE_LIMIT; PAGE_LIMIT when left out. */
  limit?: number | undefined;
  /** `next_cursor` of the page before. */
  cursor?: string | undefined;
}

export interface Page<T> {
  items: T[];
  /** Opens the next page; null on the last one. */
  next_cursor: string | null;
}

/** Cuts `limit + 1` rows that were read to a page; the row too many only says that there is a next one. */
export function toPage<T>(rows: readonly T[], limit: number, keyOf: (row: T) => readonly CursorKey[]): Page<T> {
  const items = rows.slice(0, limit);
  const last = items.at(-1);
  return { items, next_cursor: rows.length > limit && last ? encodeCursor(keyOf(last)) : null };
}

export type CursorKey = string | number;

function encodeCursor(keys: readonly CursorKey[]): string {
  return Buffer.from(JSON.stringify(keys), 'utf8').toString('base64url');
}

/**
 * The sort keys that a cursor holds.
 *
 * @param shape tells for each key whether a value can be one
 * @throws DomainError `validation_failed` on a cursor that isn't one of ours
 */
export function decodeCursor(cursor: string, shape: readonly ((key: unknown) => boolean)[]): CursorKey[] {
  const keys = cursor.length <= CURSOR_MAX_LENGTH ? tryDecode(cursor) : null;
  if (!Array.isArray(keys) || keys.length !== shape.length || !shape.every((fits, index) => fits(keys[index]))) {
    throw validationFailed([{ field: 'cursor', detail: 'must be the next_cursor of an earlier answer' }]);
  }
  return keys as CursorKey[];
}

function tryDecode(cursor: string): unknown {
  try {
    const keys: unknown = parseJson(Buffer.from(cursor, 'base64url').toString('utf8'));
    return findUnstorable(keys, 'cursor') ? null : keys;
  } catch {
    return null;
  }
}
