import { validationFailed } from './domain-error.js';
import { findUnstorable } from './json-text.js';
import { parseJson } from './parse-json.js';

/** Default and maximum number of items on a page. */
export const PAGE_LIMIT = 1_000;
const CURSOR_MAX_LENGTH = 1_000;

/** Position and size of a page. */
export interface PageRequest {
  /** 1 to PAGE_LIMIT. Default: PAGE_LIMIT. */
  limit?: number | undefined;
  /** `next_cursor` of the previous page. */
  cursor?: string | undefined;
}

/** Page of a list. */
export interface Page<T> {
  items: T[];
  /** Cursor of the next page; null on the last one. */
  next_cursor: string | null;
}

/**
 * Converts rows to a page.
 *
 * @param rows up to `limit + 1` rows; the additional one shows that a next page exists
 * @param getKeys sort keys of a row, for the cursor
 */
export function toPage<T>(rows: readonly T[], limit: number, getKeys: (row: T) => readonly CursorKey[]): Page<T> {
  const items = rows.slice(0, limit);
  const last = items.at(-1);
  return { items, next_cursor: rows.length > limit && last ? encodeCursor(getKeys(last)) : null };
}

export type CursorKey = string | number;

function encodeCursor(keys: readonly CursorKey[]): string {
  return Buffer.from(JSON.stringify(keys), 'utf8').toString('base64url');
}

/**
 * Decodes the sort keys in a cursor.
 *
 * @param shape one predicate for each key, which checks its value
 * @throws DomainError `validation_failed` if the cursor is invalid
 */
export function decodeCursor(cursor: string, shape: readonly ((key: unknown) => boolean)[]): CursorKey[] {
  const keys = cursor.length <= CURSOR_MAX_LENGTH ? tryDecode(cursor) : null;
  if (!Array.isArray(keys) || keys.length !== shape.length || !shape.every((fits, index) => fits(keys[index]))) {
    throw validationFailed([{ field: 'cursor', detail: 'must be the next_cursor of an earlier response' }]);
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
