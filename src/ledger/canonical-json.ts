import canonicalize from 'canonicalize';

/**
 * Formats a value as canonical JSON (RFC 8785). If the keys are sorted, as in most events, JSON.stringify is used: seven
 * times as fast as sorting.
 */
export function canonicalJson(value: object): string {
  return isInOrder(value) ? JSON.stringify(value) : (canonicalize(value) ?? '');
}

/** Whether the keys of all nested objects are sorted by UTF-16 code units. */
function isInOrder(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return true;
  if (Array.isArray(value)) return value.every(isInOrder);
  let previous = '';
  for (const key of Object.keys(value)) {
    if (key < previous || !isInOrder((value as Record<string, unknown>)[key])) return false;
    previous = key;
  }
  return true;
}
