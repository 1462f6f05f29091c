/**
 * A numeric expression as a double. PostgreSQL refuses what is smaller than any double, which sums of tiny values may
 * come to when they are divided.
 */
export function asDouble(numeric: string): string {
  return `round(${numeric}, 20)::float8`;
}
