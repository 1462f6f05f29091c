/**
 * A row of the old table: each of its columns as text, just as PostgreSQL writes it (times in UTC), null where it is NULL.
 * Text loses nothing: neither digits that a double can't hold nor what only the type json allows.
 */
export type LegacyRow = Readonly<Record<string, string | null>>;
