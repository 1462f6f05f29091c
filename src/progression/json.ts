/** A JSON object with arbitrary fields. */
export type JsonObject = Record<string, unknown>;

/** JSON with sorted keys, for comparison: jsonb does not preserve the key order. Undefined is null. */
export function sortedJson(value: unknown): string {
  return JSON.stringify(value ?? null, (_, item: unknown) =>
    typeof item === 'object' && item !== null && !Array.isArray(item)
      ? Object.fromEntries(Object.entries(item).sort(([one], [other]) => (one < other ? -1 : 1)))
      : item,
  );
}
