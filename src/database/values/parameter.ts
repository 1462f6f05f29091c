/** Formats a value as a parameter: an object or an array as JSON, a time in ISO 8601. Bytes and scalars are unchanged. */
export function toParameter(value: unknown): unknown {
  if (typeof value !== 'object' || value === null || Buffer.isBuffer(value)) return value;
  return value instanceof Date ? value.toISOString() : JSON.stringify(value);
}
