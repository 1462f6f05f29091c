/**
 * SQL that casts a numeric expression to float8. Rounded first, because PostgreSQL rejects values below the smallest
 * double, which the quotient of a small sum can be.
 */
export function asDouble(numeric: string): string {
  return `round(${numeric}, 20)::float8`;
}
