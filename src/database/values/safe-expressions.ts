/**
 * Expressions that read what a row edited by hand may hold beside what the service writes, so that one odd row doesn't make
 * a list of all fail. Columns are given as SQL has them.
 */

/** Whether it is a time that ISO 8601 can say with four digits of year: neither infinite nor before Christ. */
export function isRepresentableTime(column: string): string {
  return `${column} >= '0001-01-01T00:00:00Z' AND ${column} < '10000-01-01T00:00:00Z'`;
}

/** The time; NULL where it can't be said. */
export function toRepresentableTime(column: string): string {
  return `CASE WHEN ${isRepresentableTime(column)} THEN ${column} END`;
}

/** The time, or the nearest one that can be said; for columns that are never NULL. */
export function clampTime(column: string): string {
  return `least(greatest(${column}, '0001-01-01T00:00:00Z'), '9999-12-31T23:59:59.999Z')`;
}

/** The JSON list; an empty one where it is something else. */
export function toJsonList(column: string): string {
  return `CASE WHEN jsonb_typeof(${column}) = 'array' THEN ${column} ELSE '[]' END`;
}

/** The score of the newest test of a history, 0–100; 0 where it has none. Rounded, as casting what no double holds fails. */
export const RECENT_SCORE = `coalesce(round(jsonb_path_query_first(test_history, '$[last].score ? (@ >= 0 && @ <= 100)')::numeric, 100)::float8, 0)`;
