import type { FieldError } from './domain-error.js';

/** How deep JSON in a request may be nested. PostgreSQL and the ledger's canonical form walk it recursively. */
export const JSON_DEPTH_MAX = 32;

const NUL = '\u0000';

/**
 * What PostgreSQL's text and jsonb can't hold, anywhere in a JSON value: U+0000, lone surrogates, numbers beyond a
 * double, and nesting deeper than JSON_DEPTH_MAX; and the key that JavaScript programs trip over. Null when there is no such thing.
 *
 * @param path name of the field that holds the value
 * @param depth levels of nesting above the value; below 0 where the value is an envelope that isn't stored
 */
export function findUnstorable(value: unknown, path: string, depth = 0): FieldError | null {
  if (typeof value === 'string') {
    const detail = findTextFault(value);
    return detail === null ? null : { field: path, detail };
  }
  if (typeof value === 'number') {
    return Number.isFinite(value) ? null : { field: path, detail: 'must be a number that a double can hold' };
  }
  if (typeof value !== 'object' || value === null) return null;
  if (depth === JSON_DEPTH_MAX) return { field: path, detail: `must not be nested deeper than ${JSON_DEPTH_MAX}` };
  for (const [key, item] of Object.entries(value)) {
    const detail = key === '__proto__' ? 'must not be __proto__' : findTextFault(key);
    if (detail !== null) return { field: path, detail: `has a key that ${detail}` };
    const fault = findUnstorable(item, path === '' ? key : `${path}.${key}`, depth + 1);
    if (fault) return fault;
  }
  return null;
}

function findTextFault(text: string): string | null {
  if (text.includes(NUL)) return 'must not contain the character U+0000';
  if (!text.isWellFormed()) return 'must not contain a surrogate without its other half';
  return null;
}
