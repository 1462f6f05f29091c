import type { FieldError } from './domain-error.js';

/** Maximum nesting of JSON in a request. PostgreSQL and the canonical form of the ledger process it recursively. */
export const JSON_DEPTH_MAX = 32;

const NUL = '\u0000';

/**
 * Finds content of a JSON value that PostgreSQL's text and jsonb cannot store: U+0000, lone surrogates, numbers outside the
 * range of a double, and nesting deeper than JSON_DEPTH_MAX. Also finds the key `__proto__`, which is unsafe in JavaScript, and
 * values that JSON does not have, in the form that copyJson gives them.
 *
 * @param path name of the field that contains the value
 * @param depth levels of nesting above the value; negative for an envelope that is not stored
 * @returns the first error; null if there is none
 */
export function findUnstorable(value: unknown, path: string, depth = 0): FieldError | null {
  if (typeof value === 'string') {
    const detail = findTextFault(value);
    return detail === null ? null : { field: path, detail };
  }
  if (typeof value === 'number') {
    return Number.isFinite(value) ? null : { field: path, detail: 'must be in the range of a double' };
  }
  if (typeof value === 'symbol')
    return { field: path, detail: `must be JSON, but is of type ${value.description ?? ''}` };
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
  if (!text.isWellFormed()) return 'must not contain a lone surrogate';
  return null;
}
