/** Returns an object with some fields of another, in this order. */
export function pick<T extends object, Field extends keyof T>(from: T, fields: readonly Field[]): Pick<T, Field> {
  const picked: Partial<Pick<T, Field>> = {};
  for (const field of fields) picked[field] = from[field];
  return picked as Pick<T, Field>;
}
