/**
 * SQL expressions that tolerate values of manually edited rows, so that one such row does not make a list fail. The parameter
 * is the SQL name of the column.
 */

/** Whether ISO 8601 can represent the time with a year of four digits: neither infinite nor BC. */
export function isRepresentableTime(column: string): string {
  return `${column} >= '0001-01-01T00:00:00Z' AND ${column} < '10000-01-01T00:00:00Z'`;
}

/** The time; NULL if it is not representable. */
export function toRepresentableTime(column: string): string {
  return `CASE WHEN ${isRepresentableTime(column)} THEN ${column} END`;
}

/** The time, limited to the representable range. For NOT NULL columns. */
export function clampTime(column: string): string {
  return `least(greatest(${column}, '0001-01-01T00:00:00Z'), '9999-12-31T23:59:59.999Z')`;
}

/** The JSON array; empty if the value is not an array. */
export function toJsonList(column: string): string {
  return `CASE WHEN jsonb_typeof(${column}) = 'array' THEN ${column} ELSE '[]' END`;
}

/** Score of the newest test of the history, 0 to 100; 0 if there is none. Rounded, because the cast to double could fail. */
export const RECENT_SCORE = `coalesce(round(jsonb_path_query_first(test_history, '$[last].score ? (@ >= 0 && @ <= 100)')::numeric, 100)::float8, 0)`;
